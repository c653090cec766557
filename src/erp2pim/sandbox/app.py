"""The application: all routes, and what is done with every request."""

import functools
import itertools
from collections.abc import Iterator
from typing import Final

import flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule

from erp2pim.sandbox import oauth
from erp2pim.sandbox.answers import JSON, answer, body, check_accept, check_content_type, host
from erp2pim.sandbox.endpoints import RESOURCES
from erp2pim.sandbox.faults import TOKEN_PATH
from erp2pim.sandbox.refusal import Crash, Refusal
from erp2pim.sandbox.store import Store
from erp2pim.sandbox.traffic import Traffic
from erp2pim.sandbox.views import ROOT, Route, collection, media_files

FORM: Final = "application/x-www-form-urlencoded"
OPEN: Final = frozenset({TOKEN_PATH, ROOT})
METHODS: Final = ("GET", "POST", "PATCH", "DELETE")
BROKEN: Final = {"code": 500, "message": "Internal Server Error"}


def build(store: Store, tokens: oauth.Tokens, traffic: Traffic) -> flask.Flask:
    """Make the application that serves a store."""
    app = flask.Flask("erp2pim.sandbox", static_folder=None)
    collections = (collection(store, traffic, one) for one in RESOURCES)
    routes = [
        *_general(app, store, tokens),
        *itertools.chain.from_iterable(collections),
        *media_files(store),
    ]
    app.view_functions = {f"pim_api_{name}": view for _, _, name, view in routes}
    app.url_map = _addresses(tuple(route[:3] for route in routes))

    @app.before_request
    def gate() -> None:
        request = flask.request
        request.get_data()  # the next request of the connection starts where this one ends
        traffic.count(request.method)
        if request.path in OPEN or request.routing_exception is not None:
            return
        tokens.check(request.headers.get("Authorization"), request.args.get("access_token"))
        if request.method == "GET":
            check_accept()
        if any("[" in name for name in request.args):
            raise Refusal(400, "Bracket syntax is not supported in query parameters.")

    @app.after_request
    def settle(response: flask.Response) -> flask.Response:
        store.settle()
        return response

    app.register_error_handler(Refusal, lambda refusal: answer(refusal.status, refusal.body()))
    app.register_error_handler(Crash, lambda _: answer(500, BROKEN))
    app.register_error_handler(HTTPException, _no_route)
    return app


@functools.cache
def _addresses(routes: tuple[tuple[str, str, str], ...]) -> Map:
    """Compile the addresses; that takes most of the time of a start, so all sandboxes share it."""
    rules = [Rule(place, endpoint=f"pim_api_{name}", methods=[m]) for place, m, name in routes]
    return Map(rules, merge_slashes=False)


def _no_route(error: HTTPException) -> flask.Response:
    request, status = flask.request, error.code or 500
    if status == BROKEN["code"]:
        return answer(status, BROKEN)
    message = f'No route found for "{request.method} {request.base_url}"'
    if not isinstance(error, MethodNotAllowed):
        return answer(status, {"code": status, "message": message})
    allowed = ", ".join(m for m in METHODS if m in (error.valid_methods or ()))
    message = f"{message}: Method Not Allowed (Allow: {allowed})"
    response = answer(status, {"code": status, "message": message})
    response.headers["Allow"] = allowed
    return response


def _general(app: flask.Flask, store: Store, tokens: oauth.Tokens) -> Iterator[Route]:
    """Give what is no collection: tokens, the list of routes, and two plain readings."""

    def token() -> flask.Response:
        request = flask.request
        if len(request.get_data()) > oauth.MAX_REQUEST_BYTES:
            limit = f"{oauth.MAX_REQUEST_BYTES} bytes"
            raise Refusal(413, f"Request content exceeded the maximum allowed size of {limit}")
        check_content_type(JSON, FORM)
        form = body() if request.mimetype == JSON else dict(request.form)
        basic = oauth.basic_credentials(request.headers.get("Authorization"))
        response = answer(200, tokens.grant(form, basic))
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
        return answer(200, {"host": host(), "authentication": by_token, "routes": routes})

    def system_information() -> flask.Response:
        return answer(200, {"version": "master", "edition": "CE"})

    def measurement_families() -> flask.Response:
        with store.lock:
            return answer(200, list(store.catalog.measurement_families))

    yield TOKEN_PATH, "POST", "token", token
    yield ROOT, "GET", "root", root
    yield f"{ROOT}/system-information", "GET", "system_information_get", system_information
    address = f"{ROOT}/measurement-families"
    yield address, "GET", "measurement_family_list", measurement_families
