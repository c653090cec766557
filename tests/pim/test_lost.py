import socket
import ssl

import pytest
import requests

from erp2pim.errors import PimError
from erp2pim.pim.lost import dropped, lost, why


def test_a_certificate_that_is_not_trusted_is_no_matter_of_trying_again() -> None:
    error = requests.exceptions.SSLError(
        requests.ConnectionError(ssl.SSLCertVerificationError(1, "self-signed certificate"))
    )

    with pytest.raises(PimError, match="certificate is not trusted") as raised:
        lost(error, where="GET /x")

    assert raised.value.where == "GET /x"
    assert "REQUESTS_CA_BUNDLE" in raised.value.fix


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        (socket.gaierror(-2, "Name or service not known"), "the host's name is not known"),
        (ConnectionRefusedError(111, "refused"), "the connection was refused"),
        (TimeoutError("timed out"), "no answer in time"),
        (ssl.SSLError(1, "EOF"), "no secure connection"),
        (ConnectionResetError(104, "reset"), "the connection was cut"),
        (OSError(113, "No route to host"), "no usable answer (ConnectionError)"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_failure_is_told_in_our_own_words(inner: Exception, reason: str) -> None:
    assert why(requests.ConnectionError(inner)) == reason


def test_only_a_connection_closed_by_the_server_counts_as_dropped() -> None:
    assert dropped(requests.ConnectionError(ConnectionResetError()))
    assert dropped(requests.ConnectionError(BrokenPipeError()))
    assert not dropped(requests.ConnectionError(ConnectionRefusedError()))
    assert not dropped(requests.Timeout(TimeoutError()))
