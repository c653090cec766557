"""Files are uploaded whole, once, and never twice for a lost answer."""

import hashlib
import threading
from collections.abc import Callable, Generator, Iterator

import pytest

from erp2pim import sandbox
from erp2pim.errors import PimError
from erp2pim.model import Accepted, Json, Refused, Unanswered
from erp2pim.pim import Credentials, Pim, Upload
from erp2pim.pim.pace import Pace
from erp2pim.pim.reply import Reply
from erp2pim.pim.retry import Tries
from erp2pim.pim.uploads import FILES, Form, Uploading
from erp2pim.sandbox import Sandbox
from tests.sandbox.visitor import PNG, Visitor

LOGIN = Credentials(sandbox.CLIENT_ID, sandbox.SECRET, sandbox.USERNAME, sandbox.PASSWORD)
TAKEN = Accepted(created=False)


@pytest.fixture
def pim() -> Generator[Sandbox]:
    with sandbox.serve() as served:
        yield served


@pytest.fixture
def seen(pim: Sandbox) -> Visitor:
    visitor = Visitor(pim)
    visitor.put("products", {"identifier": "A/1"})
    return visitor


def connect(pim: Sandbox, attempts: int = 3, slept: list[float] | None = None) -> Pim:
    sleep = (slept if slept is not None else []).append
    return Pim(pim.url, LOGIN, attempts=attempts, stop=threading.Event(), sleep=sleep)


def picture(
    content: bytes = PNG,
    *,
    name: str = "a.png",
    identifier: str = "A/1",
    attribute: str = "picture",
    pieces: Callable[[], Iterator[bytes]] | None = None,
) -> Upload:
    return Upload(
        kind="product",
        identifier=identifier,
        attribute=attribute,
        locale=None,
        scope=None,
        name=name,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        pieces=pieces or (lambda: iter([content[:5], content[5:]])),
    )


def tries() -> Tries:
    pace = Pace(stop=threading.Event(), clock=lambda: 0.0, sleep=lambda _: None)
    return Tries("POST", attempts=3, pace=pace, jitter=lambda: 1.0)


def held(seen: Visitor) -> bytes | None:
    code = seen.value("A/1", "picture")
    return None if code is None else seen.send("GET", f"media-files/{code}/download").content


def stored(seen: Visitor) -> list[str]:
    found = seen.get("media-files")["_embedded"]["items"]
    return [file["original_filename"] for file in found]


@pytest.mark.parametrize("name", ["a.png", 'a "1"\\.png', "été rouge.png", "a\r\nb: c.png"])
def test_a_form_is_as_long_as_it_says_and_can_be_sent_again(name: str) -> None:
    form = Form(picture(name=name))

    whole = b"".join(form)

    assert len(form) == len(whole)
    assert b"".join(form) == whole
    assert whole.count(PNG) == 1
    head = whole.partition(PNG)[0]
    assert head.count(b"\r\n\r\n") == 2
    assert form.content_type.startswith("multipart/form-data; boundary=")


@pytest.mark.parametrize("name", ["a.png", "été rouge (1).png", "Größe & Maß.png"])
def test_an_upload_puts_the_bytes_under_their_name_into_the_cell(
    pim: Sandbox, seen: Visitor, name: str
) -> None:
    content = PNG + bytes(range(256)) * 4000

    assert connect(pim).upload(picture(content, name=name), look_first=False) == TAKEN

    assert (held(seen), stored(seen)) == (content, [name])


def test_what_the_cell_holds_already_is_not_uploaded_where_it_is_looked_for(
    pim: Sandbox, seen: Visitor
) -> None:
    client = connect(pim)
    for look_first, count in ((False, 1), (True, 1), (False, 2)):
        assert client.upload(picture(), look_first=look_first) == TAKEN
        assert stored(seen) == ["a.png"] * count


@pytest.mark.parametrize(
    ("content", "name"), [(PNG, "b.png"), (PNG + b"1", "a.png"), (PNG[:-1] + b"x", "a.png")],
    ids=["name", "size", "bytes"],
)  # fmt: skip
def test_a_file_that_differs_from_what_the_cell_holds_is_uploaded(
    pim: Sandbox, seen: Visitor, content: bytes, name: str
) -> None:
    client = connect(pim)
    client.upload(picture(), look_first=False)

    client.upload(picture(content, name=name), look_first=True)

    assert (held(seen), len(stored(seen))) == (content, 2)


@pytest.mark.parametrize("fault", ["cut-before", "cut-after", "408", "500", "502", "429"])
def test_after_a_lost_answer_the_file_is_there_once(
    pim: Sandbox, seen: Visitor, fault: str
) -> None:
    slept: list[float] = []
    client = connect(pim, slept=slept)
    client.get("/api/rest/v1/channels")  # the connection that is cut is one that was in use
    pim.queue.append(f"upload:{fault}")

    assert client.upload(picture(), look_first=False) == TAKEN

    assert (held(seen), stored(seen)) == (PNG, ["a.png"])
    assert len(slept) == 1


def test_the_cell_of_another_item_does_not_tell_what_became_of_the_file() -> None:
    def find(path: str) -> Json:
        cell: Json = {"locale": None, "scope": None, "data": "0/f/a.png"}
        if path.startswith(FILES):
            return {"original_filename": "a.png", "size": len(PNG)}
        return {"identifier": "B/1", "values": {"picture": [cell]}}

    replies = [Reply(201), Reply(502)]

    uploading = Uploading(picture(), replies.pop, find, lambda _: picture().digest, tries())

    assert uploading.outcome(look_first=False) == TAKEN
    assert replies == []


def test_a_page_in_place_of_an_answer_does_not_tell_what_became_of_the_file() -> None:
    replies = [Reply(201), Reply(200, b"<html>welcome</html>")]

    uploading = Uploading(picture(), replies.pop, lambda _: None, lambda _: "", tries())

    assert uploading.outcome(look_first=False) == TAKEN
    assert replies == []


def test_a_pim_that_gives_no_answer_leaves_it_open_what_became_of_the_file(
    pim: Sandbox, seen: Visitor
) -> None:
    pim.queue.extend(["upload:503"] * 3)

    outcome = connect(pim).upload(picture(), look_first=False)

    assert isinstance(outcome, Unanswered)
    assert "no usable answer in 3 tries" in str(outcome.cause)
    assert stored(seen) == []


def test_a_pim_that_fails_on_a_file_to_the_end_refuses_it(pim: Sandbox, seen: Visitor) -> None:
    pim.queue.extend(["upload:500"] * 3)

    outcome = connect(pim).upload(picture(), look_first=False)

    message = 'the PIM fails on this file: HTTP 500, "Internal Server Error"'
    assert outcome == Refused(500, message, "picture")
    assert stored(seen) == []


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (picture(b"no", name="a.png"), "Validation failed. picture: The MIME type"),
        (picture(identifier="B"), 'Product "B" does not exist.'),
        (picture(attribute="nope"), "The nope attribute does not exist in your PIM."),
    ],
    ids=["content", "item", "attribute"],
)
def test_a_refusal_is_told_in_the_pims_words(
    pim: Sandbox, seen: Visitor, upload: Upload, message: str
) -> None:
    outcome = connect(pim).upload(upload, look_first=False)

    assert isinstance(outcome, Refused)
    assert (outcome.status, outcome.attribute) == (422, upload.attribute)
    assert outcome.message.startswith(message)
    assert stored(seen) == []


@pytest.mark.parametrize("fault", ["413-size", "403-size"])
def test_a_file_that_something_before_the_pim_refuses_is_one_files_matter(
    pim: Sandbox, seen: Visitor, fault: str
) -> None:
    pim.queue.append(f"upload:{fault}")
    client = connect(pim)

    outcome = client.upload(picture(), look_first=False)

    status = int(fault[:3])
    assert outcome == Refused(status, f"the file was refused: HTTP {status}", "picture")
    assert client.upload(picture(), look_first=False) == TAKEN
    assert held(seen) == PNG


@pytest.mark.usefixtures("seen")
def test_a_path_that_the_pim_does_not_have_is_no_files_matter(pim: Sandbox) -> None:
    outcome = Pim(f"{pim.url}/api", LOGIN, stop=threading.Event()).upload(
        picture(), look_first=False
    )

    assert isinstance(outcome, Unanswered)


def test_a_file_that_breaks_off_does_not_arrive(pim: Sandbox, seen: Visitor) -> None:
    def broken() -> Iterator[bytes]:
        yield PNG
        raise ValueError("not what it was")

    client = connect(pim)

    with pytest.raises(ValueError, match="not what it was"):
        client.upload(picture(pieces=broken), look_first=False)

    assert stored(seen) == []
    assert client.upload(picture(), look_first=True) == TAKEN
    assert held(seen) == PNG


def test_a_cell_is_read_to_its_end_although_answers_are_cut() -> None:
    odds: dict[str, float] = {}
    with sandbox.serve(faults=odds, seed=3) as pim:
        seen = Visitor(pim)
        seen.put("products", {"identifier": "A/1"})
        client = connect(pim, attempts=20)
        upload = picture(PNG * 1000)
        client.upload(upload, look_first=False)
        odds["cut-middle"] = 0.4

        assert [client.upload(upload, look_first=True) for _ in range(10)] == [TAKEN] * 10

        odds.clear()
        assert stored(seen) == ["a.png"]


def test_a_stopped_run_uploads_nothing(pim: Sandbox, seen: Visitor) -> None:
    stop = threading.Event()
    client = Pim(pim.url, LOGIN, stop=stop)
    client.get("/api/rest/v1/channels")
    stop.set()

    outcome = client.upload(picture(), look_first=False)

    assert isinstance(outcome, Unanswered)
    assert isinstance(outcome.cause, PimError)
    assert stored(seen) == []
