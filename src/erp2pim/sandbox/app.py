"""The endpoints."""

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from erp2pim.sandbox import media, oauth, paging, php, products, wire
from erp2pim.sandbox.faults import SKIP_LINE, TOKEN_PATH
from erp2pim.sandbox.php import Json, Object
from erp2pim.sandbox.refusal import Crash, Refusal
from erp2pim.sandbox.resources import CHANGEABLE, READ_ONLY, Call, Entities, Resource, Structure
from erp2pim.sandbox.store import Store

View: TypeAlias = Callable[..., flask.Response]
Caller: TypeAlias = Callable[[str], Call]
Route: TypeAlias = tuple[str, str, str, View]  # address, method, end of the route's name, view

ROOT: Final = "/api/rest/v1"
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
OPEN: Final = frozenset({TOKEN_PATH, ROOT})
METHODS: Final = ("GET", "POST", "PATCH", "DELETE")
BROKEN: Final = {"code": 500, "message": "Internal Server Error"}


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
    batches: list[int] = field(default_factory=list[int])
    refuse: dict[str, str] = field(default_factory=dict[str, str])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, method: str) -> None:
        """Count a request."""
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
        request.get_data()  # the next request of the connection starts where this one ends
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
    collections = (_collection(store, traffic, one) for one in (*READ_ONLY, *CHANGEABLE))
    for address, method, name, view in (
        *_general(app, store, tokens),
        *itertools.chain.from_iterable(collections),
        *_media_files(store),
    ):
        app.add_url_rule(address, f"pim_api_{name}", view, methods=[method])
    return app


def _answer(status: int, body: Json = None, location: str | None = None) -> flask.Response:
    """Give a JSON answer; without a body for None."""
    response = flask.Response(b"" if body is None else php.encode(body), status, mimetype=JSON)
    response.headers["Cache-Control"] = "no-cache, private"
    if location is not None:
        response.headers["Location"] = location
    return response


def _no_route(error: HTTPException) -> flask.Response:
    request, status = flask.request, error.code or 500
    if status == BROKEN["code"]:
        return _answer(status, BROKEN)
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


def _general(app: flask.Flask, store: Store, tokens: oauth.Tokens) -> Iterator[Route]:
    """Give what is no collection: tokens, the list of routes, and two plain readings."""

    def token() -> flask.Response:
        request = flask.request
        if len(request.get_data()) > oauth.MAX_REQUEST_BYTES:
            limit = f"{oauth.MAX_REQUEST_BYTES} bytes"
            raise Refusal(413, f"Request content exceeded the maximum allowed size of {limit}")
        _check_content_type(JSON, FORM)
        form = _body() if request.mimetype == JSON else dict(request.form)
        basic = oauth.basic_credentials(request.headers.get("Authorization"))
        response = _answer(200, tokens.grant(form, basic))
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def root() -> flask.Response:
        routes = {
            rule.endpoint: {
                "route": rule.rule.replace("<path:", "{").replace("<", "{").replace(">", "}"),
                "methods": [m for m in METHODS if m in (rule.methods or ())],
            }
            for rule in app.url_map.iter_rules()
            if rule.rule.startswith(f"{ROOT}/")
        }
        by_token = {"fos_oauth_server_token": {"route": TOKEN_PATH, "methods": ["POST"]}}
        return _answer(200, {"host": _host(), "authentication": by_token, "routes": routes})

    def system_information() -> flask.Response:
        return _answer(200, {"version": "master", "edition": "CE"})

    def measurement_families() -> flask.Response:
        with store.lock:
            return _answer(200, list(store.catalog.measurement_families))

    yield TOKEN_PATH, "POST", "token", token
    yield ROOT, "GET", "root", root
    yield f"{ROOT}/system-information", "GET", "system_information_get", system_information
    address = f"{ROOT}/measurement-families"
    yield address, "GET", "measurement_family_list", measurement_families


def _collection(store: Store, traffic: Traffic, resource: Resource | Entities) -> Iterator[Route]:
    """Give all that can be done to a collection and to one of its items."""
    address, name = f"{ROOT}/{resource.path}", resource.label.lower().replace(" ", "_")
    one = f"{address}/<path:code>" if isinstance(resource, Entities) else f"{address}/<code>"

    def call(owner: str) -> Call:
        place = _host() + address.replace("<owner>", owner)
        return Call(store, owner, flask.request.args, _host(), place, traffic.refuse)

    def listing(owner: str = "") -> flask.Response:
        query, here = paging.read(flask.request.args, cursor=resource.cursor), call(owner)
        with store.lock:
            found = resource.items(here)
            part = [(k, resource.shown(here, item)) for k, item in paging.part(query, found)]
        return _answer(200, paging.page(query, here.place, part, total=len(found)))

    def get(code: str, owner: str = "") -> flask.Response:
        here = call(owner)
        with store.lock:
            return _answer(200, resource.shown(here, resource.find(here, code)))

    yield address, "GET", f"{name}_list", listing
    yield one, "GET", f"{name}_get", get
    if isinstance(resource, Structure | Entities):
        batch = _batch(traffic, resource, call)
        yield address, "PATCH", f"{name}_partial_update_list", batch
        yield address, "POST", f"{name}_create", _post(resource, call)
        yield one, "PATCH", f"{name}_partial_update", _patch(resource, call)
    if isinstance(resource, Entities):
        yield one, "DELETE", f"{name}_delete", _delete(resource, call)


def _batch(traffic: Traffic, resource: Structure | Entities, call: Caller) -> View:
    def batch(owner: str = "") -> flask.Response:
        _check_content_type(wire.COLLECTION)
        lines = wire.split_lines(flask.request.get_data())
        if resource.path.startswith("products"):
            traffic.batches.append(len(lines))
        here = call(owner)

        def change(code: str, data: Object) -> int:
            with here.store.lock:
                return resource.change(here, code, data)[0]

        skip: float | None = flask.request.environ.get(SKIP_LINE)
        return _stream(wire.answers(lines, resource.key, change, skip=skip))

    return batch


def _patch(resource: Structure | Entities, call: Caller) -> View:
    def patch(code: str, owner: str = "") -> flask.Response:
        _check_content_type(JSON)
        here = call(owner)
        with here.store.lock:
            status, key = resource.change(here, code, _body())
        return _answer(status, location=f"{here.place}/{paging.quoted(key)}")

    return patch


def _post(resource: Structure | Entities, call: Caller) -> View:
    def post(owner: str = "") -> flask.Response:
        _check_content_type(JSON)
        here = call(owner)
        with here.store.lock:
            key = resource.create(here, _body())
        return _answer(201, location=f"{here.place}/{paging.quoted(key)}")

    return post


def _delete(resource: Entities, call: Caller) -> View:
    def delete(code: str) -> flask.Response:
        here = call("")
        with here.store.lock:
            resource.remove(here, code)
        return _answer(204)

    return delete


def _stream(answers: Iterator[Object]) -> flask.Response:
    """Send each answer as soon as it is known; the head goes out with the first."""
    first = [php.encode(one) for one in itertools.islice(answers, 1)]
    rest = (b"\n" + php.encode(one) for one in answers)
    return flask.Response(itertools.chain(first, rest), 200, content_type=wire.COLLECTION)


def _media_files(store: Store) -> Iterator[Route]:
    """Give what can be done to media files."""
    address = f"{ROOT}/media-files"

    def find(code: str) -> Object:
        if code not in store.media:
            raise Refusal(404, f'Media file "{code}" does not exist.')
        return store.media[code]

    def entry(file: Object) -> Object:
        link = {"download": {"href": f"{_host()}{address}/{file['code']}/download"}}
        return {k: v for k, v in file.items() if k != "content"} | {"_links": link}

    def listing() -> flask.Response:
        query = paging.read(flask.request.args, cursor=False)
        found = sorted(store.media.items(), key=lambda item: item[0])
        part = [(code, entry(file)) for code, file in paging.part(query, found)]
        return _answer(200, paging.page(query, _host() + address, part, total=len(found)))

    def get(code: str) -> flask.Response:
        return _answer(200, entry(find(code)))

    def download(code: str) -> flask.Response:
        file = find(code)
        headers = {"Content-Disposition": f'attachment; filename="{file["original_filename"]}"'}
        return flask.Response(file["content"], 200, headers, content_type=file["mime_type"])

    def create() -> flask.Response:
        return _answer(201, location=f"{_host()}{address}/{_upload(store)}")

    yield address, "GET", "media_file_list", listing
    yield address, "POST", "media_file_create", create
    yield f"{address}/<path:code>", "GET", "media_file_get", get
    yield f"{address}/<path:code>/download", "GET", "media_file_download", download


def _upload(store: Store) -> str:
    """Keep the request's file for the product or model that it names; give the file's code."""
    _check_content_type("multipart/form-data")
    given = [name for name in media.TARGETS if name in flask.request.form]
    if len(given) != 1:
        raise Refusal(422, media.BOTH if given else media.NEITHER)
    target = php.decode(flask.request.form[given[0]])
    if target is None:
        raise Refusal(400, "Invalid json message received")
    with store.lock:
        entity = media.find_target(store, given[0], target)
        upload = flask.request.files.get("file")
        if upload is None:
            raise Refusal(422, 'Property "file" is required.')
        file = media.record(upload.filename or "", upload.read())
        products.link_file(store, entity, target, file)
    code: str = file["code"]
    return code


def _check_content_type(*allowed: str) -> None:
    sent = flask.request.headers.get("Content-Type", "").partition(";")[0].strip()
    names = '" or "'.join(allowed)
    if not sent:
        what = f'header is missing. "{names}" has to be specified as value.'
        raise Refusal(415, f'The "Content-Type" {what}')
    if sent not in allowed:
        only = f'Only "{names}" {"are" if len(allowed) > 1 else "is"} allowed.'
        raise Refusal(415, f'"{sent}" in "Content-Type" header is not valid. {only}')


def _check_accept() -> None:
    accept = flask.request.headers.get("Accept", JSON)
    if accept != JSON and "*/*" not in accept:
        only = f'Only "{JSON}" is allowed.'
        raise Refusal(406, f'"{accept}" in "Accept" header is not valid. {only}')


def _body() -> Object:
    """Read the request's JSON object."""
    value = php.decode(flask.request.get_data())
    if value is None:
        raise Refusal(400, "Invalid json message received")
    return value if php.is_object(value) else {}
