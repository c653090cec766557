"""What all endpoints do with requests and answers."""

from typing import Final

import flask

from erp2pim.sandbox import php
from erp2pim.sandbox.php import Json, Object
from erp2pim.sandbox.refusal import Refusal

JSON: Final = "application/json"
FIRST_ERROR: Final = 400


def answer(status: int, body: Json = None, location: str | None = None) -> flask.Response:
    """Give a JSON answer; without a body for None."""
    encode = php.encode if status >= FIRST_ERROR else php.encode_for_html
    response = flask.Response(b"" if body is None else encode(body), status, mimetype=JSON)
    response.headers["Cache-Control"] = "no-cache, private"
    if location is not None:
        response.headers["Location"] = location
    return response


def host() -> str:
    """Give scheme and host, as links begin with them."""
    return flask.request.host_url.rstrip("/")


def check_content_type(*allowed: str) -> None:
    """Refuse a request whose body has another type."""
    sent = flask.request.headers.get("Content-Type", "").partition(";")[0].strip()
    names = '" or "'.join(allowed)
    if not sent:
        what = f'header is missing. "{names}" has to be specified as value.'
        raise Refusal(415, f'The "Content-Type" {what}')
    if sent not in allowed:
        only = f'Only "{names}" {"are" if len(allowed) > 1 else "is"} allowed.'
        raise Refusal(415, f'"{sent}" in "Content-Type" header is not valid. {only}')


def check_accept() -> None:
    """Refuse a request that does not want JSON."""
    accept = flask.request.headers.get("Accept", JSON)
    if accept != JSON and "*/*" not in accept:
        only = f'Only "{JSON}" is allowed.'
        raise Refusal(406, f'"{accept}" in "Accept" header is not valid. {only}')


def body() -> Object:
    """Read the request's JSON object."""
    value = php.decode(flask.request.get_data())
    if value is None:
        raise Refusal(400, "Invalid json message received")
    return value if php.is_object(value) else {}
