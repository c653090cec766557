"""What requests raises, in our words: failures that may pass, and those that don't."""

import http.client
import socket
import ssl
from collections.abc import Iterator

import requests

from erp2pim.errors import PimError
from erp2pim.pim.reply import Reply

_DROPPED = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
_PASSING = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    requests.exceptions.InvalidHeader,  # of the answer: ours are checked
)
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "the host's name is not known"),
    (ConnectionRefusedError, "the connection was refused"),
    (TimeoutError, "no answer in time"),
    (ssl.SSLError, "no secure connection"),
    (http.client.IncompleteRead, "the answer was cut"),
    (ConnectionError, "the connection was cut"),
    (http.client.HTTPException, "an answer that is not HTTP"),
)


def lost(error: requests.RequestException, *, where: str) -> Reply:
    """Turn a failure that may pass into a reply.

    Args:
        error: What requests raised; its own text is not used, as it may quote what was sent.
        where: The call, `METHOD /path`.

    Raises:
        PimError: It does not pass: the certificate or the address is wrong.
    """
    if _is_a(error, (ssl.SSLCertVerificationError,)):
        raise PimError(
            "the PIM's certificate is not trusted",
            where=where,
            fix="have the machine trust it, or name its authority's file in REQUESTS_CA_BUNDLE",
        ) from error
    if not isinstance(error, _PASSING):
        raise PimError(
            f"no request can be sent to this address ({type(error).__name__})",
            where=where,
            fix="check pim.url and the proxy settings of the environment",
        ) from error
    return Reply(0, fault=why(error))


def why(error: Exception) -> str:
    """Say in our own words what went wrong."""
    kinds = (reason for kind, reason in _REASONS if _is_a(error, (kind,)))
    return next(kinds, f"no usable answer ({type(error).__name__})")


def dropped(error: requests.RequestException) -> bool:
    """Tell whether the server closed the connection before it answered."""
    return _is_a(error, _DROPPED)


def _is_a(error: BaseException, kinds: tuple[type[BaseException], ...]) -> bool:
    return any(isinstance(each, kinds) for each in _inner(error))


def _inner(error: BaseException) -> Iterator[BaseException]:
    """Give an error and those that it wraps, in any of the ways in which the libraries do it."""
    yield error
    wrapped = [*error.args, getattr(error, "reason", None), error.__cause__]
    for each in wrapped:
        if isinstance(each, BaseException):
            yield from _inner(each)
