"""Recordings of a real PIM, sent again to a sandbox.

The recordings have masks where secrets and long bodies were; `Replay` puts something equivalent
there. Answers are compared byte by byte, but for what differs from run to run: times, hosts, uuids
that the PIM chose, and codes of media files.
"""

import base64
import gzip
import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import quote, urlsplit

import requests

from erp2pim.sandbox import CLIENT_ID, PASSWORD, SECRET, USERNAME, Sandbox

Json: TypeAlias = Any  # recorded text
Recording: TypeAlias = Mapping[str, Json]

ROOT: Final = "/api/rest/v1/"
TOKEN: Final = "/api/oauth/v1/token"
LINES: Final = "application/vnd.akeneo.collection+json"
# What differs from run to run: hosts, tokens, and when something was created and updated.
OF_A_RUN: Final = re.compile(
    r"http:(?:\\?/){2}127\.0\.0\.1:\d+|[0-9a-f]{64}|<64 hex characters>"
    r'|(?:(?<="created":")|(?<="updated":"))[^"]+'
)
UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OWNED: Final = re.compile(r"(attributes|families)/(\w+)/(options|variants)")
NO_VALUE: Final = "<no value>"

# Where the masked Basic header held something wrong, it is the name that says so.
WRONG_CLIENTS: Final = {
    "token.bad_secret": (CLIENT_ID, "wrong"),
    "token.bad_client_id": ("wrong", SECRET),
}
# Whose state `stored_after` shows, where it is not the one that the request changed.
OTHER_SIDE: Final = {
    "products.assoc_two_way": "products-b",
    "uuidp.assoc_two_way": "abc00002-aaaa-4aaa-8aaa-000000000002",
}
FIELDS: Final = frozenset(
    {"values", "associations", "categories", "parent", "family", "identifier"}
)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


_PNG: Final = b"".join([
    b"\x89PNG\r\n\x1a\n",
    _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
    _chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")),
    _chunk(b"IEND", b""),
])  # fmt: skip
UPLOADS: Final = {
    "red.png": _PNG,
    "été rouge.png": _PNG,
    "x.gif": b"GIF89a",
    "e.png": b"",
    "doc.pdf": b"%PDF-1.4\n%%EOF\n",
}


def read(folder: Path) -> tuple[list[Recording], dict[str, Json]]:
    """Give the recordings in their order, and the structure as it was after the last one."""
    lines = (folder / "golden.jsonl").read_text(encoding="utf-8").strip().split("\n")
    structure = json.loads((folder / "golden-structure.json").read_text(encoding="utf-8"))
    return [json.loads(line) for line in lines], structure


def structure_before(recordings: list[Recording], structure: dict[str, Json]) -> dict[str, Json]:
    """Take out of the structure what the recordings create in it."""
    before: dict[str, Json] = json.loads(json.dumps(structure))
    for path, code in _created(recordings):
        owned = OWNED.fullmatch(path)
        holder = before
        name = path.replace("-", "_")
        if owned is not None:
            holder = before["attribute_options" if owned[3] == "options" else "family_variants"]
            name = owned[2]
        holder[name] = [item for item in holder.get(name, ()) if item["code"] != code]
        for family in before["families"] if path == "channels" else ():
            family["attribute_requirements"].pop(code)
    return before


def _created(recordings: list[Recording]) -> Iterator[tuple[str, str]]:
    for recording in recordings:
        request, response = recording["request"], recording["response"]
        path = urlsplit(request["path"]).path.removeprefix(ROOT)
        if request["method"] == "POST" and path == "channels" and response["status"] == 201:
            yield path, json.loads(request["body"])["code"]
        if request["method"] == "PATCH" and response["status"] == 200:
            answers = _parsed(response["body"], LINES)
            yield from (
                (path, a["code"]) for a in answers if a["status_code"] == 201 and "code" in a
            )


def _parsed(body: str, content_type: str) -> Json:
    if not body:
        return body
    if content_type == LINES:
        return [json.loads(line) for line in body.split("\n")]
    return json.loads(body)


@dataclass
class Replay:
    """Sends recordings to a sandbox and compares the answers.

    Attributes:
        pim: The sandbox.
        chosen: The uuids that requests name; others are the PIM's and differ each time.
        tokens: What the last token request gave.
        media: Codes of media files here, by those that were recorded.
    """

    pim: Sandbox
    chosen: frozenset[str]
    session: requests.Session = field(default_factory=requests.Session)
    tokens: dict[str, str] = field(default_factory=dict)
    expired: str = ""
    media: dict[str, str] = field(default_factory=dict)

    @classmethod
    def start(cls, pim: Sandbox, recordings: list[Recording]) -> "Replay":
        """Log in, and have an expired token at hand."""
        sent = " ".join(f"{r['request']['path']} {r['request']['body']}" for r in recordings)
        replay = cls(pim, frozenset(UUID.findall(sent.lower())))
        replay.session.headers.clear()
        replay._log_in()
        replay.expired = replay.tokens["access_token"]
        pim.expire_tokens()
        replay._log_in()
        return replay

    def difference(self, recording: Recording) -> str:
        """Send one recording; say how its answer differs, in a few words; empty if it doesn't."""
        self._set_before(recording)
        wanted = recording["response"]
        answer = self._send(recording)
        if recording["name"] == "token.refresh":  # later ones ask with the refresh token used here
            self.tokens["access_token"] = answer.json()["access_token"]
        self._learn_media(wanted, answer)
        content_type = wanted["headers"].get("content-type", "")
        seen, expected = self._masked(answer.text), self._masked(wanted["body"] or "")
        differences = {
            "status": answer.status_code != wanted["status"],
            "content type": bool(expected) and answer.headers["Content-Type"] != content_type,
            "location": self._masked(answer.headers.get("Location", ""))
            != self._masked(wanted["headers"].get("location", "")),
            "allow": answer.headers.get("Allow") != wanted["headers"].get("allow"),
            "body": seen != expected,
        }
        found = [name for name, differs in differences.items() if differs]
        return ", ".join(found or self._stored_differently(recording))

    def patch(self, path: str, line: Json) -> None:
        """Send one line that was not recorded."""
        answer = self.session.patch(
            f"{self.pim.url}{ROOT}{path}",
            json.dumps(line),
            headers={"Authorization": self._bearer(), "Content-Type": LINES},
        )
        assert answer.json()["status_code"] in {201, 204}, answer.text

    def listed(self, path: str) -> list[Json]:
        """Read a whole list of the structure."""
        items: list[Json] = []
        address = f"{self.pim.url}{ROOT}{path}?limit=100"
        while address:
            headers = {"Authorization": self._bearer()}
            page = self.session.get(address, headers=headers, timeout=10).json()
            items += page["_embedded"]["items"]
            address = page["_links"].get("next", {}).get("href")
        return [{name: one for name, one in item.items() if name != "_links"} for item in items]

    def _log_in(self) -> None:
        grant = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}
        answer = requests.post(
            self.pim.url + TOKEN, json=grant, auth=(CLIENT_ID, SECRET), timeout=10
        )
        self.tokens = answer.json()

    def _bearer(self) -> str:
        return f"Bearer {self.tokens['access_token']}"

    def _set_before(self, recording: Recording) -> None:
        """Set the values that a product had before the recording."""
        values = {
            code: [{"locale": None, "scope": None, "data": data}]
            for code, data in recording.get("stored_before", {}).items()
            if data is not None
        }
        if values:
            path = recording["request"]["path"].removeprefix(ROOT)
            self.patch(path, {**_product_b(path), "values": values})

    def _send(self, recording: Recording) -> requests.Response:
        request = recording["request"]
        prepared = self.session.prepare_request(
            requests.Request(request["method"], self.pim.url, data=self._body(recording) or None)
        )
        prepared.url = self.pim.url + self._unmasked(request["path"])
        client = ":".join(WRONG_CLIENTS.get(recording["name"], (CLIENT_ID, SECRET)))
        basic = base64.b64encode(client.encode()).decode()
        for name, value in request["headers"].items():
            masked = value.replace("<base64 client_id:secret>", basic)
            prepared.headers[name] = self._unmasked(masked)
        return self.session.send(prepared, timeout=10)

    def _unmasked(self, text: str) -> str:
        masks = {
            "<token>": self.tokens["access_token"],
            "<expired-token>": self.expired,
            "<64 hex characters>": self.tokens["refresh_token"],
            "<password>": PASSWORD,
            "<client_id>": CLIENT_ID,
            "<secret>": SECRET,
            "py_connector_0983": USERNAME,
            **self.media,
        }
        for mask, value in masks.items():
            text = text.replace(mask, value)
        return text

    def _body(self, recording: Recording) -> bytes:
        """Give the body; long ones were recorded as a description."""
        body: str = recording["request"]["body"] or ""
        path = recording["request"]["path"].removeprefix(ROOT)
        long_text = re.fullmatch(r'\{\.\.\. .*"<(\d+) x>".*', body)
        if body.startswith("gzip of "):
            return gzip.compress(body.removeprefix("gzip of ").encode(), mtime=0)
        if long_text is not None:
            cell = {"locale": None, "scope": None, "data": "x" * int(long_text[1])}
            return json.dumps({**_product_b(path), "values": {"t_textarea": [cell]}}).encode()
        if body.startswith("line1 ok"):
            return _with_long_line(body, recording["response"]["body"])
        if body.startswith("multipart: "):
            return _form(body)
        if recording["name"] == "token.body_301_bytes":
            return body.encode()
        return self._unmasked(body).encode()

    def _learn_media(self, wanted: Json, answer: requests.Response) -> None:
        recorded, here = wanted["headers"].get("location", ""), answer.headers.get("Location", "")
        if "/media-files/" in recorded and "/media-files/" in here:
            self.media[recorded.partition("/media-files/")[2]] = here.partition("/media-files/")[2]

    def _masked(self, text: str) -> str:
        """Give a text without what differs from run to run."""
        for recorded, here in self.media.items():
            text = text.replace(recorded, here)
            text = text.replace(recorded.replace("/", r"\/"), here.replace("/", r"\/"))
        text = UUID.sub(lambda m: m[0] if m[0] in self.chosen else "<uuid>", text)
        return OF_A_RUN.sub("", text)

    def _stored_differently(self, recording: Recording) -> list[str]:
        """Say which properties of the product differ from what was stored after the recording."""
        wanted = recording.get("stored_after", {})
        path = recording["request"]["path"].removeprefix(ROOT)
        if not wanted or path not in {"products", "products-uuid"}:
            return []
        last = _parsed(recording["response"]["body"], LINES)[-1]
        key = OTHER_SIDE.get(recording["name"], last.get("identifier", last.get("uuid")))
        address = f"{self.pim.url}{ROOT}{path}/{quote(key, safe='')}"
        headers = {"Authorization": self._bearer()}
        product = self.session.get(address, headers=headers, timeout=10).json()
        return [
            f"stored {name}"
            for name, expected in wanted.items()
            if name != "created"
            and self._masked(json.dumps(_held(product, name, expected)))
            != self._masked(json.dumps(expected))
        ]


def _product_b(path: str) -> dict[str, str]:
    """Give the key of the product that most recordings of values are about."""
    if path == "products":
        return {"identifier": "products-b"}
    return {"uuid": "abc00002-aaaa-4aaa-8aaa-000000000002"}


def _held(product: Json, name: str, expected: Json) -> Json:
    """Give a property or the values of an attribute, in the form in which it was recorded."""
    if name in product:
        return product[name]
    cells = product["values"].get(name)
    if cells is None:
        return NO_VALUE
    is_data = isinstance(expected, list) and not (
        isinstance(expected[0], dict) and "locale" in expected[0]
    )
    return [cell["data"] for cell in cells] if is_data else cells


def _with_long_line(description: str, answers: str) -> bytes:
    size = int(re.findall(r"\d{7}", description)[0])
    first, second, third = _parsed(answers, LINES)
    key = "identifier" if "identifier" in first else "uuid"
    unanswered = {"identifier": "too-long", "uuid": "abc00071-aaaa-4aaa-8aaa-000000000071"}
    long_line = json.dumps({key: second.get(key, unanswered[key])}).ljust(size)
    return "\n".join(
        [json.dumps({key: first[key]}), long_line, json.dumps({key: third[key]})]
    ).encode()


def _form(description: str) -> bytes:
    """Make the multipart body of a description: `multipart: product={…}; file=@red.png (…)`."""
    form = r"multipart: (?:(product|product_model)=(.*?); ?)?(?:file=@(.*) \((\S+), \d+ bytes\))?"
    match = re.fullmatch(form, description)
    assert match is not None, description
    field_name, text, file, kind = match.groups()
    start = b'------golden\r\nContent-Disposition: form-data; name="%b"'
    body = b""
    if field_name is not None:
        body += start % field_name.encode() + b"\r\n\r\n%b\r\n" % text.encode()
    if file is not None:
        named = b'; filename="%b"\r\nContent-Type: %b' % (file.encode(), kind.encode())
        body += start % b"file" + named + b"\r\n\r\n%b\r\n" % UPLOADS[file]
    return body + b"------golden--\r\n"
