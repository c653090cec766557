"""A plain HTTP caller of the sandbox, for tests: it knows addresses and nothing else."""

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import requests

from erp2pim.sandbox import CLIENT_ID, PASSWORD, SECRET, USERNAME, Sandbox

Json: TypeAlias = Any  # what came back is what the tests find out

COLLECTION: Final = "application/vnd.akeneo.collection+json"
GRANT: Final = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}
PNG: Final = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


class Visitor:
    """One connection to a sandbox, logged in once."""

    def __init__(self, pim: Sandbox) -> None:
        self.pim = pim
        self.session = requests.Session()
        self.tokens: dict[str, str] = {}

    def grant(self, **form: str) -> requests.Response:
        """Ask for tokens, with the form of a password grant unless another one is given."""
        return self.session.post(
            f"{self.pim.url}/api/oauth/v1/token",
            json=form or GRANT,
            auth=(CLIENT_ID, SECRET),
            timeout=10,
        )

    def log_in(self) -> None:
        self.tokens = self.grant().json()

    def send(
        self,
        method: str,
        path: str,
        body: bytes | str | Mapping[str, str] = b"",
        headers: Mapping[str, str | None] | None = None,
        **more: Any,  # noqa: ANN401  # whatever requests takes
    ) -> requests.Response:
        if not self.tokens:
            self.log_in()
        bearer = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        return self.session.request(
            method,
            f"{self.pim.url}/api/rest/v1/{path}",
            data=body,
            headers={**bearer, **(headers or {})},
            timeout=10,
            **more,
        )

    def get(self, path: str, **query: str) -> Json:
        """Read what must be there."""
        answer = self.send("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def codes(self, path: str, **query: str) -> list[str]:
        """Give what a list holds, by the last part of each item's address."""
        items = self.get(path, **query)["_embedded"]["items"]
        return [item["_links"]["self"]["href"].rpartition("/")[2] for item in items]

    def find(self, path: str, name: str, operator: str, value: Json = None, **more: Json) -> Json:
        """Give what a list with one filter holds."""
        asked = {name: [{"operator": operator, "value": value, **more}]}
        return self.codes(path, search=json.dumps(asked))

    def batch(self, path: str, *lines: Json) -> list[Json]:
        """Send lines, each as JSON unless it is text, and give the answers' lines."""
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        answer = self.send("PATCH", path, "\n".join(texts).encode(), {"Content-Type": COLLECTION})
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.split("\n")]

    def one(self, method: str, path: str, body: Json) -> requests.Response:
        """Send one resource."""
        return self.send(method, path, json.dumps(body), {"Content-Type": "application/json"})

    def put(self, path: str, *items: Json) -> None:
        """Create or update what must be accepted."""
        answers = self.batch(path, *items)
        assert {answer["status_code"] for answer in answers} <= {201, 204}, answers

    def set(self, identifier: str, **data: Json) -> Json:
        """Set values that are neither localizable nor scopable; give the line's answer."""
        values = {code: [cell(one)] for code, one in data.items()}
        return self.batch("products", {"identifier": identifier, "values": values})[0]

    def value(self, identifier: str, code: str) -> Json:
        """Give the data of a value with one cell; None when there is no value."""
        cells = self.get(f"products/{identifier}")["values"].get(code)
        return cells and cells[0]["data"]

    def upload(self, content: bytes, name: str = "a.png", **parts: str) -> requests.Response:
        """Upload a file; the parts are JSON texts."""
        return self.send("POST", "media-files", parts, files={"file": (name, content)})


def cell(data: Json, locale: str | None = None, scope: str | None = None) -> Json:
    """Give one cell of a value."""
    return {"data": data, "locale": locale, "scope": scope}


def errors(answer: Json) -> list[tuple[str, str]]:
    """Give where and what went wrong, of a line or a whole answer."""
    return [(error["property"], error["message"]) for error in answer["errors"]]
