"""The endpoints."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from erp2pim.sandbox import oauth, paging, products, search, wire
from erp2pim.sandbox.faults import SKIP_LINE, TOKEN_PATH
from erp2pim.sandbox.reading import Projection, show
from erp2pim.sandbox.refusal import Json, Malformed, Object, Refusal
from erp2pim.sandbox.search import matching
from erp2pim.sandbox.store import Entity, Store

ROOT: Final = "/api/rest/v1"
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
OPEN: Final = frozenset({TOKEN_PATH, ROOT})


@dataclass(slots=True)
class Traffic:
    """What arrived, for tests to look at, and what they want refused."""

    requests: int = 0
    patch_requests: int = 0
    batches: list[int] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, method: str) -> None:
        with self._lock:
            self.requests += 1
            self.patch_requests += method == "PATCH"


def answer(status: int, body: Json = None, location: str | None = None) -> flask.Response:
    """Give a JSON answer; without a body for None."""
    response = flask.Response(b"" if body is None else wire.encode(body), status, mimetype=JSON)
    response.headers["Cache-Control"] = "no-cache, private"
    if location is not None:
        response.headers["Location"] = location
    return response


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

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> flask.Response:
        return answer(refusal.status, refusal.body())

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> flask.Response:
        request = flask.request
        status = error.code or 500
        message = f'No route found for "{request.method} {request.base_url}"'
        if isinstance(error, MethodNotAllowed):
            allowed = ", ".join(m for m in METHODS if m in (error.valid_methods or ()))
            message = f"{message}: Method Not Allowed (Allow: {allowed})"
        return answer(status, {"code": status, "message": message})

    @app.post(TOKEN_PATH)
    def token() -> flask.Response:
        request = flask.request
        if len(request.get_data()) > oauth.MAX_REQUEST_BYTES:
            raise Refusal(
                413,
                "Request content exceeded the maximum allowed size of "
                f"{oauth.MAX_REQUEST_BYTES} bytes",
            )
        check_content_type(JSON, FORM)
        form = body_object() if request.mimetype == JSON else dict(request.form)
        basic = oauth.basic_credentials(request.headers.get("Authorization"))
        response = answer(200, tokens.grant(form, basic))
        response.headers["Cache-Control"] = "no-store, private"
        return response

    @app.get(ROOT)
    def root() -> flask.Response:
        return answer(200, {
            "host": flask.request.host_url.rstrip("/"),
            "authentication": {
                "fos_oauth_server_token": {"route": TOKEN_PATH, "methods": ["POST"]}
            },
            "routes": {
                rule.endpoint: {
                    "route": rule.rule.replace("<path:", "{").replace("<", "{").replace(">", "}"),
                    "methods": [m for m in METHODS if m in (rule.methods or ())],
                }
                for rule in app.url_map.iter_rules()
                if rule.endpoint.startswith("pim_api")
            },
        })

    @app.get(f"{ROOT}/system-information")
    def system_information() -> flask.Response:
        check_accept()
        return answer(200, {"version": "master", "edition": "CE"})

    for name, kind in KINDS.items():
        _add_entities(app, store, traffic, name, kind)
    for path in STRUCTURE:
        _add_structure(app, store, path)
    return app


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the three ways to products and product models."""

    key: str
    page: str
    label: str
    patch: Callable[[Store, str, Object], tuple[int, Entity]]
    all: Callable[[Store], list[Entity]]
    find: Callable[[Store, str], Entity | None]

    def key_of(self, entity: Entity) -> str:
        return entity.uuid if self.key == "uuid" else entity.code or ""


def _exact(entity: Entity | None, code: str) -> Entity | None:
    return entity if entity is not None and entity.code == code else None


KINDS: Final[Mapping[str, Kind]] = {
    "products": Kind(
        "identifier",
        "products__code_",
        "Product",
        products.patch_product,
        lambda store: [p for p in store.products.values() if p.code is not None],
        lambda store, code: _exact(store.product(code), code),
    ),
    "products-uuid": Kind(
        "uuid",
        "products_uuid__uuid_",
        "Product",
        products.patch_product_uuid,
        lambda store: list(store.products.values()),
        lambda store, uuid: store.products.get(uuid.lower()),
    ),
    "product-models": Kind(
        "code",
        "product_models__code_",
        "Product model",
        products.patch_model,
        lambda store: list(store.models.values()),
        lambda store, code: store.model(code),
    ),
}


def _add_entities(app: flask.Flask, store: Store, traffic: Traffic, path: str, kind: Kind) -> None:
    address = f"{ROOT}/{path}"

    def host() -> str:
        return flask.request.host_url.rstrip("/")

    def change(code: str, data: Object) -> int:
        if code in traffic.refuse:
            message = traffic.refuse[code]
            raise Refusal(
                422, "Validation failed.", errors=[{"property": "values", "message": message}]
            )
        with store.lock:
            try:
                return kind.patch(store, code, data)[0]
            except Malformed as error:
                raise error.refusal(f"patch_{kind.page}") from error

    def batch() -> flask.Response:
        check_content_type(wire.COLLECTION)
        lines = wire.split_lines(flask.request.get_data())
        if path != "product-models":
            traffic.batches.append(len(lines))
        skip: float | None = flask.request.environ.get(SKIP_LINE)
        return _stream(wire.answers(lines, kind.key, change, skip=skip))

    def listing() -> flask.Response:
        check_accept()
        query = paging.read(flask.request.args, cursor=True)
        with store.lock:
            test = matching(store, search.parse(flask.request.args.get("search")))
            found = {kind.key_of(one): one for one in kind.all(store) if test(one)}
            keys = sorted(found)
            part = keys[paging.slice_of(query, keys)]
            items = [_shown(store, kind, found[key], host()) for key in part]
        return answer(200, paging.paginate(query, host() + address, part, items))

    def one(code: str) -> flask.Response:
        check_accept()
        with store.lock:
            entity = kind.find(store, code)
            if entity is None:
                raise Refusal(
                    404,
                    f'{kind.label} "{code}" does not exist or you do not have permission '
                    "to access it.",
                )
            return answer(200, _shown(store, kind, entity, host()))

    for rule, method, view in (
        (address, "GET", listing),
        (address, "PATCH", batch),
        (f"{address}/<path:code>", "GET", one),
    ):
        name = f"pim_api_{path}_{view.__name__}".replace("-", "_")
        app.add_url_rule(rule, name, view, methods=[method])


def _shown(store: Store, kind: Kind, entity: Entity, host: str) -> Object:
    return show(store, entity, host, by_uuid=kind.key == "uuid")


def _stream(answers: Iterator[Object]) -> flask.Response:
    def pieces() -> Iterator[bytes]:
        for number, one in enumerate(answers):
            yield (b"\n" if number else b"") + wire.encode(one)

    return flask.Response(pieces(), 200, content_type=wire.COLLECTION)


STRUCTURE: Final[Mapping[str, str]] = {
    "attributes": "Attribute",
    "families": "Family",
    "channels": "Channel",
    "locales": "Locale",
    "currencies": "Currency",
    "categories": "Category",
    "association-types": "Association type",
}


def _add_structure(app: flask.Flask, store: Store, path: str) -> None:
    address, collection = f"{ROOT}/{path}", getattr(store.catalog, path.replace("-", "_"))

    def listing() -> flask.Response:
        check_accept()
        query = paging.read(flask.request.args, cursor=False)
        with store.lock:
            items = sorted(collection, key=lambda item: item["code"])
        part = items[paging.slice_of(query, [item["code"] for item in items])]
        host = flask.request.host_url.rstrip("/")
        keys = [item["code"] for item in part]
        return answer(200, paging.paginate(query, host + address, keys, part))

    def one(code: str) -> flask.Response:
        check_accept()
        item = collection.get(code)
        if item is None:
            raise Refusal(404, f'{STRUCTURE[path]} "{code}" does not exist.')
        return answer(200, item)

    name = f"pim_api_{path}".replace("-", "_")
    app.add_url_rule(address, f"{name}_list", listing, methods=["GET"])
    app.add_url_rule(f"{address}/<code>", f"{name}_get", one, methods=["GET"])


METHODS: Final = ("GET", "POST", "PATCH", "DELETE")


def check_content_type(*allowed: str) -> None:
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


def check_accept() -> None:
    accept = flask.request.headers.get("Accept", JSON)
    if accept != JSON and "*/*" not in accept:
        raise Refusal(
            406, f'"{accept}" in "Accept" header is not valid. Only "{JSON}" is allowed.'
        )


def body_object() -> Object:
    """Read a request's JSON object."""
    value = wire.decode(flask.request.get_data())
    if value is None:
        raise Refusal(400, "Invalid json message received")
    return value if isinstance(value, dict) else {}
