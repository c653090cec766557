"""What the endpoints of collections and of media files do."""

import itertools
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import flask

from erp2pim.sandbox import media, paging, php, products, wire
from erp2pim.sandbox.answers import JSON, answer, body, check_content_type, host
from erp2pim.sandbox.faults import READ_LAG, SKIP_LINE
from erp2pim.sandbox.php import Object
from erp2pim.sandbox.refusal import Crash, Refusal
from erp2pim.sandbox.resources import Call, Entities, Resource, Structure
from erp2pim.sandbox.store import Store
from erp2pim.sandbox.traffic import Traffic

View: TypeAlias = Callable[..., flask.Response]
Caller: TypeAlias = Callable[[str], Call]
Route: TypeAlias = tuple[str, str, str, View]  # address, method, end of the route's name, view

ROOT: Final = "/api/rest/v1"
PIECE_BYTES: Final = 2_048


def collection(store: Store, traffic: Traffic, resource: Resource | Entities) -> Iterator[Route]:
    """Give all that can be done to a collection and to one of its items."""
    address, name = f"{ROOT}/{resource.path}", resource.label.lower().replace(" ", "_")
    name += "_uuid" if resource.key == "uuid" else ""
    one = f"{address}/<path:code>" if isinstance(resource, Entities) else f"{address}/<code>"

    def call(owner: str) -> Call:
        place = host() + address.replace("<owner>", owner)
        lags = flask.request.environ[READ_LAG]
        return Call(store, owner, flask.request.args, host(), place, traffic.refuse, lags=lags)

    def listing(owner: str = "") -> flask.Response:
        query, here = paging.read(flask.request.args, cursor=resource.cursor), call(owner)
        with store.lock:
            found = resource.items(here)
            part = paging.part(query, found)
            shown = resource.listed(here, [item for _, item in part])
        keyed = [(key, item) for (key, _), item in zip(part, shown, strict=True)]
        return answer(200, paging.page(query, here.place, keyed, total=len(found)))

    def get(code: str, owner: str = "") -> flask.Response:
        here = call(owner)
        with store.lock:
            return answer(200, resource.shown(here, resource.find(here, code)))

    yield address, "GET", f"{name}_list", listing
    yield one, "GET", f"{name}_get", get
    if isinstance(resource, Structure | Entities):
        batch = _batch(traffic, resource, call)
        yield address, "PATCH", f"{name}_partial_update_list", batch
        single = _single(resource, call)
        yield address, "POST", f"{name}_create", single
        yield one, "PATCH", f"{name}_partial_update", single
    if isinstance(resource, Entities):
        yield one, "DELETE", f"{name}_delete", _delete(resource, call)


def _batch(traffic: Traffic, resource: Structure | Entities, call: Caller) -> View:
    def batch(owner: str = "") -> flask.Response:
        check_content_type(wire.COLLECTION)
        lines = wire.split_lines(flask.request.get_data())
        if resource.path.startswith("products"):
            traffic.batches.append(len(lines))
        here = call(owner)

        def change(code: str, data: Object) -> int:
            with here.store.lock:
                return resource.change(here, code, data)[0]

        skip: float | None = flask.request.environ.get(SKIP_LINE)
        return _stream(here.store, wire.answers(lines, resource.key, change, skip=skip))

    return batch


def _single(resource: Structure | Entities, call: Caller) -> View:
    """Give the view of one item that is created, or with a code changed."""

    def single(code: str | None = None, owner: str = "") -> flask.Response:
        check_content_type(JSON)
        here = call(owner)
        with here.store.lock:
            given = body()
            status, key = (
                resource.create(here, given) if code is None else resource.change(here, code, given)
            )
        return answer(status, location=f"{here.place}/{paging.quoted(key)}")

    return single


def _delete(resource: Entities, call: Caller) -> View:
    def delete(code: str) -> flask.Response:
        here = call("")
        with here.store.lock:
            resource.remove(here, code)
        return answer(204)

    return delete


def _stream(store: Store, answers: Iterator[Object]) -> flask.Response:
    """Send the answers piece by piece, as they become known; the head goes out with the first."""
    pieces = _pieces(store, answers)
    first = next(pieces)
    return flask.Response(itertools.chain([first], pieces), 200, content_type=wire.COLLECTION)


def _pieces(store: Store, answers: Iterator[Object]) -> Iterator[bytes]:
    piece = b""
    try:
        for number, one in enumerate(answers):
            piece += (b"\n" if number else b"") + php.encode(one)
            if len(piece) >= PIECE_BYTES:
                store.settle()
                yield piece
                piece = b""
    except Crash:
        if piece:
            store.settle()
            yield piece
        raise
    store.settle()
    yield piece


def media_files(store: Store) -> Iterator[Route]:
    """Give what can be done to media files."""
    address = f"{ROOT}/media-files"

    def find(code: str) -> Object:
        if code not in store.media:
            raise Refusal(404, f'Media file "{code}" does not exist.')
        return store.media[code]

    def entry(file: Object) -> Object:
        link = {"download": {"href": f"{host()}{address}/{file['code']}/download"}}
        return {k: v for k, v in file.items() if k != "content"} | {"_links": link}

    def listing() -> flask.Response:
        query = paging.read(flask.request.args, cursor=False)
        found = sorted(store.media.items(), key=lambda item: item[0])
        part = [(code, entry(file)) for code, file in paging.part(query, found)]
        return answer(200, paging.page(query, host() + address, part, total=len(found)))

    def get(code: str) -> flask.Response:
        return answer(200, entry(find(code)))

    def download(code: str) -> flask.Response:
        file = find(code)
        told = f'attachment; filename="{file["original_filename"]}"'
        headers = {"Content-Disposition": told.encode().decode("latin-1")}  # its bytes (PEP 3333)
        return flask.Response(file["content"], 200, headers, content_type=file["mime_type"])

    def create() -> flask.Response:
        return answer(201, location=f"{host()}{address}/{_upload(store)}")

    yield address, "GET", "media_file_list", listing
    yield address, "POST", "media_file_create", create
    yield f"{address}/<path:code>", "GET", "media_file_get", get
    yield f"{address}/<path:code>/download", "GET", "media_file_download", download


def _upload(store: Store) -> str:
    """Keep the request's file for the product or model that it names; give the file's code."""
    check_content_type("multipart/form-data")
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
