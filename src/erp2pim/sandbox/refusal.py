"""What the PIM answers when it refuses a resource."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

# JSON as it comes off the wire; its shape is what the validation is about.
Json: TypeAlias = Any
Object: TypeAlias = dict[str, Json]

CHECK_FORMAT = " Check the expected format on the API documentation."
REFERENCE = "http://api.akeneo.com/api-reference.html#"


class Refusal(Exception):
    """The resource is refused, with the answer's status and body.

    Attributes:
        status: HTTP status, or the status of the line in a batch.
        errors: The `errors[]` of a failed validation; empty when there are none.
        page: Anchor of the API reference that the answer links to; None when it links to none,
            an absolute address when the page is not in the reference.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: Sequence[Mapping[str, Json]] = (),
        page: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.page = page

    def body(self) -> Object:
        """Give the answer's JSON body."""
        body: Object = {"code": self.status, "message": self.message}
        if self.errors:
            body["errors"] = list(self.errors)
        if self.page is not None:
            address = self.page if "://" in self.page else REFERENCE + self.page
            body["_links"] = {"documentation": {"href": address}}
        return body


class Malformed(Exception):
    """A property has a shape or refers to something that the updater cannot take.

    The endpoint turns it into a 422 whose message ends in `CHECK_FORMAT` and that links to the
    endpoint's page of the reference.
    """

    def refusal(self, page: str) -> Refusal:
        return Refusal(422, f"{self}{CHECK_FORMAT}", page=page)


class Crash(Exception):
    """What makes the PIM answer 500, for a whole batch if it is its first line."""


def field_error(name: str, message: str) -> Object:
    """Give an error of `errors[]` that is about a property, not a value."""
    return {"property": name, "message": message}


def invalid(errors: Sequence[Mapping[str, Json]]) -> Refusal:
    """Give the refusal of a resource that failed validation; equal errors are listed once."""
    unique = [error for number, error in enumerate(errors) if error not in errors[:number]]
    return Refusal(422, "Validation failed.", errors=unique)


def wrong_type(name: str, expected: str, value: Json) -> Malformed:
    return Malformed(f'Property "{name}" expects {expected} as data, "{php_type(value)}" given.')


def wrong_shape(name: str, reason: str) -> Malformed:
    return Malformed(f'Property "{name}" expects an array with valid data, {reason}.')


def unknown_code(name: str, kind: str, reason: str, value: Json) -> Malformed:
    return Malformed(f'Property "{name}" expects a valid {kind}. {reason}, "{value}" given.')


def unknown_property(name: str) -> Malformed:
    return Malformed(f'Property "{name}" does not exist.')


def immutable(name: str, value: Json) -> Malformed:
    shown = "NULL" if value is None else value
    return Malformed(f'Property "{name}" cannot be modified, "{shown}" given.')


def php_type(value: Json) -> str:
    """Give the name that PHP's `gettype` has for a decoded JSON value."""
    names = {type(None): "NULL", bool: "boolean", int: "integer", float: "double", str: "string"}
    return names.get(type(value), "array")
