"""The endpoints."""

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from erp2pim.sandbox import media, oauth, paging, products, wire
from erp2pim.sandbox.faults import SKIP_LINE, TOKEN_PATH
from erp2pim.sandbox.refusal import Crash, Json, Object, Refusal
from erp2pim.sandbox.resources import CHANGEABLE, READ_ONLY, Call, Entities, Resource, Structure
from erp2pim.sandbox.store import Store

ROOT: Final = "/api/rest/v1"
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
OPEN: Final = frozenset({TOKEN_PATH, ROOT})
METHODS: Final = ("GET", "POST", "PATCH", "DELETE")
BROKEN: Final = {"code": 500, "message": "Internal Server Error"}
View = Callable[..., flask.Response]


@dataclass(slots=True)
class Traffic:
    """What arrived, for tests to look at, and what they want refused.

    Attributes:
        requests: All requests.
        patch_requests: The PATCH requests among them.
        batches: The line counts of the product batches.
        refuse: Messages by identifier: these lines are answered 422.
    """

    requests: int = 0
    patch_requests: int = 0
    batches: list[int] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, method: str) -> None:
        with self._lock:
            self.requests += 1
            self.patch_requests += method == "PATCH"


def build(store: Store, tokens: oauth.Tokens, traffic: Traffic) -> flask.Flask:
    """Make the application that serves a store."""
    app = flask.Flask("erp2pim.sandbox", static_folder=None)
    app.url_map.merge_slashes = False

    @app.before_request
    def gate() -> None:
        request = flask.request
        request.get_data()  # a kept-alive connection must be read to the end of the request
        traffic.count(request.method)
        if request.path in OPEN or request.routing_exception is not None:
            return
        tokens.check(request.headers.get("Authorization"), request.args.get("access_token"))
        if request.method == "GET":
            _check_accept()
        if any("[" in name for name in request.args):
            raise Refusal(400, "Bracket syntax is not supported in query parameters.")

    app.register_error_handler(Refusal, lambda refusal: _answer(refusal.status, refusal.body()))
    app.register_error_handler(Crash, lambda _: _answer(500, BROKEN))
    app.register_error_handler(HTTPException, _no_route)
    _add_general(app, store, tokens)
    for resource in (*READ_ONLY, *CHANGEABLE):
        for rule, method, view in _views(store, traffic, resource):
            name = f"pim_api_{resource.label.lower().replace(' ', '_')}_{view.__name__.rstrip('_')}"
            app.add_url_rule(rule, name, view, methods=[method])
    _add_media(app, store)
    return app


def _answer(status: int, body: Json = None, location: str | None = None) -> flask.Response:
    """Give a JSON answer; without a body for None."""
    response = flask.Response(b"" if body is None else wire.encode(body), status, mimetype=JSON)
    response.headers["Cache-Control"] = "no-cache, private"
    if location is not None:
        response.headers["Location"] = location
    return response


def _no_route(error: HTTPException) -> flask.Response:
    request, status = flask.request, error.code or 500
    message = f'No route found for "{request.method} {request.base_url}"'
    if not isinstance(error, MethodNotAllowed):
        return _answer(status, {"code": status, "message": message})
    allowed = ", ".join(m for m in METHODS if m in (error.valid_methods or ()))
    message = f"{message}: Method Not Allowed (Allow: {allowed})"
    response = _answer(status, {"code": status, "message": message})
    response.headers["Allow"] = allowed
    return response


def _host() -> str:
    return flask.request.host_url.rstrip("/")


def _add_general(app: flask.Flask, store: Store, tokens: oauth.Tokens) -> None:
    @app.post(TOKEN_PATH, endpoint="token")
    def token() -> flask.Response:
        request = flask.request
        if len(request.get_data()) > oauth.MAX_REQUEST_BYTES:
            raise Refusal(
                413,
                "Request content exceeded the maximum allowed size of "
                f"{oauth.MAX_REQUEST_BYTES} bytes",
            )
        _check_content_type(JSON, FORM)
        form = _body() if request.mimetype == JSON else dict(request.form)
        basic = oauth.basic_credentials(request.headers.get("Authorization"))
        response = _answer(200, tokens.grant(form, basic))
        response.headers["Cache-Control"] = "no-store, private"
        return response

    @app.get(ROOT, endpoint="root")
    def root() -> flask.Response:
        routes = {
            rule.endpoint: {
                "route": rule.rule.replace("<path:", "{").replace("<", "{").replace(">", "}"),
                "methods": [m for m in METHODS if m in (rule.methods or ())],
            }
            for rule in app.url_map.iter_rules()
            if rule.endpoint.startswith("pim_api")
        }
        oauth_route = {"route": TOKEN_PATH, "methods": ["POST"]}
        entry = {"host": _host(), "authentication": {"fos_oauth_server_token": oauth_route}}
        return _answer(200, entry | {"routes": routes})

    @app.get(f"{ROOT}/system-information", endpoint="pim_api_system_information_get")
    def system_information() -> flask.Response:
        return _answer(200, {"version": "master", "edition": "CE"})

    @app.get(f"{ROOT}/measurement-families", endpoint="pim_api_measurement_family_list")
    def measurement_families() -> flask.Response:
        return _answer(200, list(store.catalog.measurement_families))


def _views(
    store: Store, traffic: Traffic, resource: Resource | Entities
) -> Iterator[tuple[str, str, View]]:
    """Give the address, method and view of all that can be done to a collection."""
    address = f"{ROOT}/{resource.path}"
    one = f"{address}/<path:code>" if isinstance(resource, Entities) else f"{address}/<code>"

    def call(owner: str) -> Call:
        return Call(owner, flask.request.args, _host(), refuse=traffic.refuse)

    def place(owner: str) -> str:
        return _host() + address.replace("<owner>", owner)

    def list_(owner: str = "") -> flask.Response:
        query = paging.read(flask.request.args, cursor=resource.cursor)
        with store.lock:
            now = call(owner)
            found = resource.items(store, now)
            part = paging.part(query, found)
            shown = [(key, resource.shown(store, item, now)) for key, item in part]
        return _answer(200, paging.page(query, place(owner), shown, total=len(found)))

    def get(code: str, owner: str = "") -> flask.Response:
        with store.lock:
            now = call(owner)
            return _answer(200, resource.shown(store, resource.find(store, now, code), now))

    yield address, "GET", list_
    yield one, "GET", get
    if not isinstance(resource, Structure | Entities):
        return

    def partial_update_list(owner: str = "") -> flask.Response:
        _check_content_type(wire.COLLECTION)
        lines = wire.split_lines(flask.request.get_data())
        if resource.path.startswith("products"):
            traffic.batches.append(len(lines))
        now = call(owner)

        def change(code: str, data: Object) -> int:
            with store.lock:
                return resource.change(store, now, code, data)[0]

        skip: float | None = flask.request.environ.get(SKIP_LINE)
        return _stream(wire.answers(lines, resource.key, change, skip=skip))

    def partial_update(code: str, owner: str = "") -> flask.Response:
        _check_content_type(JSON)
        data = _body()
        with store.lock:
            status, key = resource.change(store, call(owner), code, data)
        return _answer(status, location=f"{place(owner)}/{paging.quoted(key)}")

    def create(owner: str = "") -> flask.Response:
        _check_content_type(JSON)
        data = _body()
        with store.lock:
            key = resource.create(store, call(owner), data)
        return _answer(201, location=f"{place(owner)}/{paging.quoted(key)}")

    yield address, "PATCH", partial_update_list
    yield address, "POST", create
    yield one, "PATCH", partial_update
    if isinstance(resource, Entities):

        def delete(code: str) -> flask.Response:
            with store.lock:
                resource.remove(store, call(""), code)
            return _answer(204)

        yield one, "DELETE", delete


def _stream(answers: Iterator[Object]) -> flask.Response:
    """Send each answer as soon as it is known; the head goes out with the first."""
    first = [wire.encode(one) for one in itertools.islice(answers, 1)]
    rest = (b"\n" + wire.encode(one) for one in answers)
    return flask.Response(itertools.chain(first, rest), 200, content_type=wire.COLLECTION)


def _add_media(app: flask.Flask, store: Store) -> None:
    address = f"{ROOT}/media-files"

    def entry(file: Object) -> Object:
        link = {"download": {"href": f"{_host()}{address}/{file['code']}/download"}}
        return {k: v for k, v in file.items() if k != "content"} | {"_links": link}

    def find(code: str) -> Object:
        if code not in store.media:
            raise Refusal(404, f'Media file "{code}" does not exist.')
        return store.media[code]

    @app.get(address, endpoint="pim_api_media_file_list")
    def listing() -> flask.Response:
        query = paging.read(flask.request.args, cursor=False)
        found = sorted(store.media.items())
        shown = [(code, entry(file)) for code, file in paging.part(query, found)]
        return _answer(200, paging.page(query, _host() + address, shown, total=len(found)))

    @app.get(f"{address}/<path:code>", endpoint="pim_api_media_file_get")
    def get(code: str) -> flask.Response:
        return _answer(200, entry(find(code)))

    @app.get(f"{address}/<path:code>/download", endpoint="pim_api_media_file_download")
    def download(code: str) -> flask.Response:
        file = find(code)
        disposition = f'attachment; filename="{file["original_filename"]}"'
        headers = {"Content-Disposition": disposition}
        return flask.Response(file["content"], 200, headers, content_type=file["mime_type"])

    @app.post(address, endpoint="pim_api_media_file_create")
    def create() -> flask.Response:
        _check_content_type("multipart/form-data")
        given = [name for name in media.TARGETS if name in flask.request.form]
        if len(given) != 1:
            raise Refusal(422, media.BOTH if given else media.NEITHER)
        target = wire.decode(flask.request.form[given[0]].encode())
        if target is None:
            raise Refusal(400, "Invalid json message received")
        with store.lock:
            entity = media.find_target(store, given[0], target)
            upload = flask.request.files.get("file")
            if upload is None:
                raise Refusal(422, 'Property "file" is required.')
            file = media.store(upload.filename or "", upload.read())
            products.link_file(store, entity, target, file)
        return _answer(201, location=f"{_host()}{address}/{file['code']}")


def _check_content_type(*allowed: str) -> None:
    sent = flask.request.headers.get("Content-Type", "").partition(";")[0].strip()
    names = '" or "'.join(allowed)
    if not sent:
        raise Refusal(
            415, f'The "Content-Type" header is missing. "{names}" has to be specified as value.'
        )
    if sent not in allowed:
        verb = "are" if len(allowed) > 1 else "is"
        raise Refusal(
            415, f'"{sent}" in "Content-Type" header is not valid. Only "{names}" {verb} allowed.'
        )


def _check_accept() -> None:
    accept = flask.request.headers.get("Accept", JSON)
    if accept != JSON and "*/*" not in accept:
        raise Refusal(406, f'"{accept}" in "Accept" header is not valid. Only "{JSON}" is allowed.')


def _body() -> Object:
    """Read the request's JSON object."""
    value = wire.decode(flask.request.get_data())
    if value is None:
        raise Refusal(400, "Invalid json message received")
    return value if isinstance(value, dict) else {}
