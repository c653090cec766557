import json

import pytest

from tests.sandbox.visitor import PNG, Json, Visitor, errors

PLACE = {"attribute": "picture", "locale": None, "scope": None}
TARGET = json.dumps({"identifier": "a", **PLACE})


@pytest.fixture(autouse=True)
def product(visitor: Visitor) -> None:
    visitor.put("products", {"identifier": "a"})


def test_an_upload_puts_the_file_into_the_product(visitor: Visitor) -> None:
    answer = visitor.upload(PNG, "My Saw.png", product=TARGET)
    assert (answer.status_code, answer.text) == (201, "")
    code = answer.headers["Location"].partition("/media-files/")[2]
    assert code.endswith("_My_Saw.png")
    value = visitor.get("products/a")["values"]["picture"][0]
    assert value["data"] == code
    link = value["_links"]["download"]["href"]
    path = link.partition("/api/rest/v1/")[2]
    file = visitor.send("GET", path)
    assert (file.content, file.headers["Content-Type"]) == (PNG, "image/png")
    assert 'filename="My Saw.png"' in file.headers["Content-Disposition"]
    record = visitor.get(f"media-files/{code}")
    assert record.pop("_links") == {"download": {"href": link}}
    assert record == {
        "code": code,
        "original_filename": "My Saw.png",
        "mime_type": "image/png",
        "size": len(PNG),
        "extension": "png",
    }
    listed = visitor.get("media-files")["_embedded"]["items"]
    assert [item["code"] for item in listed] == [code]
    assert listed[0]["_links"] == {
        "self": {"href": link[: -len("/download")]},
        "download": {"href": link},
    }


def test_the_same_file_gets_a_new_code_each_time_and_can_be_used_again(visitor: Visitor) -> None:
    codes = [visitor.upload(PNG, product=TARGET).headers["Location"][-50:] for _ in range(2)]
    assert codes[0] != codes[1]
    code = visitor.value("a", "picture")
    visitor.set("b", picture=code)
    assert visitor.value("b", "picture") == code
    visitor.set("b", picture=None)
    assert visitor.value("b", "picture") is None


def test_a_long_name_is_cut(visitor: Visitor) -> None:
    answer = visitor.upload(PNG, "x" * 200 + ".png", product=TARGET)
    name = answer.headers["Location"].rpartition("_")[2]
    assert (len(name), name[-5:]) == (99, "x.png")


def test_a_model_takes_a_file_by_its_code(visitor: Visitor) -> None:
    visitor.put("product-models", {"code": "m", "family_variant": "clothing_by_size"})
    target = json.dumps({"code": "m", **PLACE})
    assert visitor.upload(PNG, product_model=target).status_code == 201
    assert "picture" in visitor.get("product-models/m")["values"]


@pytest.mark.parametrize(
    ("parts", "status", "message"),
    [
        ({}, 422, 'You should at least give one of the following properties: "product" or'),
        ({"product": "{}", "product_model": "{}"}, 422, 'You should give either a "product" or a'),
        ({"product": "{"}, 400, "Invalid json message received"),
        ({"product": "{}"}, 422, 'Product property must contain "identifier", "attribute",'),
        (
            {"product": json.dumps({"identifier": "x", **PLACE})},
            422,
            'Product "x" does not exist.',
        ),
        (
            {"product": json.dumps({"identifier": "a", **PLACE, "attribute": "nope"})},
            422,
            "The nope attribute does not exist in your PIM.",
        ),
        (
            {"product": json.dumps({"identifier": "a", **PLACE, "locale": "en_US"})},
            422,
            "The picture attribute requires neither a channel",
        ),
    ],
    ids=ascii,
)
def test_an_upload_for_nothing_is_refused_and_not_kept(
    visitor: Visitor, parts: dict[str, str], status: int, message: str
) -> None:
    answer = visitor.upload(PNG, **parts)
    assert (answer.status_code, answer.json()["message"][: len(message)]) == (status, message)
    assert visitor.get("media-files")["_embedded"]["items"] == []


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"GIF89a", "a.gif", "The gif file extension is not allowed for the picture attribute."),
        (b"%PDF-1.4", "a.png", "The MIME type is not allowed for png (allowed types: image/png,"),
        (b"text", "a.png", "The MIME type is not allowed for png (allowed types: image/png,"),
        (b"", "a.png", "The MIME type is not allowed for png (allowed types: image/png,"),
        (PNG + b"\xff" * 2_000_000, "a.png", "The file a.png is too large (2 MB). The picture"),
    ],
    ids=["extension", "other type", "text", "empty", "too large"],
)
def test_a_file_that_the_attribute_does_not_take_is_refused_and_not_kept(
    visitor: Visitor, content: bytes, name: str, message: str
) -> None:
    answer = visitor.upload(content, name, product=TARGET).json()
    assert answer["message"] == "Validation failed."
    assert errors(answer)[0][1].startswith(message)
    assert visitor.get("media-files")["_embedded"]["items"] == []
    assert visitor.value("a", "picture") is None


def test_an_upload_without_a_file_is_refused(visitor: Visitor) -> None:
    answer: Json = visitor.send("POST", "media-files", files={"product": (None, TARGET)})
    assert (answer.status_code, answer.json()["message"]) == (422, 'Property "file" is required.')
