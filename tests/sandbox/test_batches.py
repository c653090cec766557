import json
import socket

import pytest
import requests

from erp2pim.sandbox import Sandbox
from tests.sandbox.visitor import COLLECTION, Visitor, errors


def test_each_line_is_answered_in_order(visitor: Visitor) -> None:
    lines = visitor.batch("products", {"identifier": "a"}, {"identifier": "b"}, {"identifier": "a"})
    assert lines == [
        {"line": 1, "identifier": "a", "status_code": 201},
        {"line": 2, "identifier": "b", "status_code": 201},
        {"line": 3, "identifier": "a", "status_code": 204},
    ]


def test_a_refused_line_leaves_the_others_alone(visitor: Visitor) -> None:
    answers = visitor.batch(
        "products",
        {"identifier": "a"},
        {"identifier": "b", "family": "nope"},
        {"identifier": "c", "nope": 1},
        {"identifier": "d"},
    )
    assert [answer["status_code"] for answer in answers] == [201, 422, 422, 201]
    assert answers[1]["message"].startswith("The nope family does not exist in your PIM.")
    assert answers[2]["message"].startswith('Property "nope" does not exist.')
    assert "patch_products" in answers[2]["_links"]["documentation"]["href"]
    assert visitor.codes("products") == ["a", "d"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("", {"status_code": 400, "message": "Invalid json message received"}),
        ("{", {"status_code": 400, "message": "Invalid json message received"}),
        ("null", {"status_code": 400, "message": "Invalid json message received"}),
        ('{"identifier": "\\ud800"}', {"status_code": 400}),
        ('{"identifier": NaN}', {"status_code": 400}),
        ("[" * 100_000, {"status_code": 400}),
        ("[]", {"status_code": 422, "message": "Identifier is missing."}),
        ("5", {"status_code": 422, "message": "Identifier is missing."}),
        ("{}", {"status_code": 422, "message": "Identifier is missing."}),
        ({"identifier": None}, {"status_code": 422, "message": "Identifier is missing."}),
        ({"identifier": " \t"}, {"status_code": 422, "message": "Identifier is missing."}),
        (
            {"identifier": 5},
            {"status_code": 422, "message": "identifier must be of type string."},
        ),
    ],
)
def test_a_line_that_names_no_product_is_refused_without_its_key(
    visitor: Visitor, line: object, answer: dict[str, object]
) -> None:
    first, second = visitor.batch("products", line, {"identifier": "a"})
    assert answer.items() <= first.items()
    assert "identifier" not in first
    assert second["status_code"] == 201


def test_a_line_of_more_than_a_million_bytes_is_refused_unread(visitor: Visitor) -> None:
    exact = json.dumps({"identifier": "a"}).ljust(1_000_000)
    answers = visitor.batch("products", exact, exact + " ", {"identifier": "b"})
    assert answers == [
        {"line": 1, "identifier": "a", "status_code": 201},
        {"line": 2, "status_code": 413, "message": "Line is too long."},
        {"line": 3, "identifier": "b", "status_code": 201},
    ]


def test_a_batch_of_more_than_100_lines_is_refused_as_a_whole(visitor: Visitor) -> None:
    body = "\n".join(json.dumps({"identifier": str(n)}) for n in range(101)).encode()
    answer = visitor.send("PATCH", "products", body, {"Content-Type": COLLECTION})
    assert (answer.status_code, answer.json()["message"]) == (
        413,
        "Too many resources to process, 100 is the maximum allowed.",
    )
    assert visitor.codes("products") == []


def test_a_newline_at_the_end_starts_no_line(visitor: Visitor) -> None:
    answer = visitor.send(
        "PATCH", "products", b'{"identifier": "a"}\n', {"Content-Type": COLLECTION}
    )
    assert answer.text == '{"line":1,"identifier":"a","status_code":201}'


def test_a_batch_without_lines_has_an_empty_answer(visitor: Visitor) -> None:
    answer = visitor.send("PATCH", "products", b"", {"Content-Type": COLLECTION})
    assert (answer.status_code, answer.text) == (200, "")


@pytest.mark.parametrize(
    ("content_type", "message"),
    [
        (
            "application/json",
            (
                f'"application/json" in "Content-Type" header is not valid. '
                f'Only "{COLLECTION}" is allowed.'
            ),
        ),
        (
            None,
            f'The "Content-Type" header is missing. "{COLLECTION}" has to be specified as value.',
        ),
    ],
)
def test_a_batch_must_come_as_a_collection(
    visitor: Visitor, content_type: str | None, message: str
) -> None:
    answer = visitor.send("PATCH", "products", b"{}", {"Content-Type": content_type})
    assert (answer.status_code, answer.json()["message"]) == (415, message)


def test_first_answers_go_out_while_last_lines_are_worked_on(
    pim: Sandbox, visitor: Visitor
) -> None:
    visitor.log_in()
    body = "\n".join(json.dumps({"identifier": str(n)}) for n in range(100)).encode()
    host, port = pim.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        head = (
            f"PATCH /api/rest/v1/products HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: Bearer {visitor.tokens['access_token']}\r\n"
            f"Content-Type: {COLLECTION}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        connection.sendall(head.encode() + body)
        answer = b""
        while b"0\r\n\r\n" not in answer:
            answer += connection.recv(4096)
    assert b"Transfer-Encoding: chunked" in answer
    chunks = answer.partition(b"\r\n\r\n")[2].split(b"\r\n")[1::2]
    assert [chunk.count(b"status_code") for chunk in chunks] == [44, 43, 13, 0]


def test_what_crashes_the_pim_ends_the_batch(visitor: Visitor) -> None:
    """As the first line it makes the whole answer a 500; later it cuts the answer off."""
    uuids = [f"abc0000{n}-aaaa-4aaa-8aaa-00000000000{n}" for n in range(3)]
    good, never = (json.dumps({"uuid": uuids[n], "enabled": True}) for n in (0, 2))
    bad = json.dumps({"uuid": uuids[1], "values": None})
    headers = {"Content-Type": COLLECTION}
    answer = visitor.send("PATCH", "products-uuid", f"{bad}\n{good}".encode(), headers)
    assert (answer.status_code, answer.json()["message"]) == (500, "Internal Server Error")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        visitor.send("PATCH", "products-uuid", f"{good}\n{bad}\n{never}".encode(), headers)
    assert visitor.codes("products-uuid") == [uuids[0]]


def test_an_error_in_a_value_says_where_it_is(visitor: Visitor) -> None:
    answer = visitor.set("a", pieces="x")
    assert answer["message"] == "Validation failed."
    assert errors(answer) == [
        (
            "values",
            "The pieces attribute requires a number, and the submitted x value is not.",
        )
    ]
    assert answer["errors"][0]["attribute"] == "pieces"
    assert (answer["errors"][0]["locale"], answer["errors"][0]["scope"]) == (None, None)
