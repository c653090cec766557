"""What the PIM answers when it refuses a resource."""

from collections.abc import Mapping, Sequence
from typing import Final

from erp2pim.sandbox.php import Json, Object, text, type_name

CHECK_FORMAT: Final = " Check the expected format on the API documentation."
REFERENCE: Final = "http://api.akeneo.com/api-reference.html#"


class Refusal(Exception):
    """The resource is refused, with the answer's status and body.

    Attributes:
        status: HTTP status, or the status of the line in a batch.
        message: The PIM's words.
        errors: The `errors[]` of a failed validation; empty when there are none.
        page: What the answer links to, an anchor of the API reference or an absolute address;
            None when it links to nothing.
    """

    def __init__(
        self, status: int, message: str, *, errors: Sequence[Object] = (), page: str | None = None
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
    """A property has a shape, or names something, that the PIM's updaters cannot take."""

    def refusal(self, page: str) -> Refusal:
        """Give the answer, which links to the endpoint's page of the reference."""
        return Refusal(422, f"{self}{CHECK_FORMAT}", page=page)


class Crash(Exception):
    """What makes the PIM answer 500, for a whole batch if it is its first line."""


def invalid(errors: Sequence[Object]) -> Refusal:
    """Give the refusal of what failed validation; equal errors are listed once."""
    unique = [error for number, error in enumerate(errors) if error not in errors[:number]]
    return Refusal(422, "Validation failed.", errors=unique)


def field_error(name: str, message: str) -> Object:
    """Give an error of `errors[]` that is about a property, not a value."""
    return {"property": name, "message": message}


def value_error(
    code: str, cell: tuple[str | None, str | None], message: str, extra: Mapping[str, str]
) -> Object:
    """Give an error of `errors[]` that is about a value."""
    place = {"attribute": code, "locale": cell[0], "scope": cell[1]}
    return {"property": "values", "message": message} | place | dict(extra)


def wrong_type(name: str, expected: str, value: Json) -> Malformed:
    """Say that a property's value has the wrong type; `expected` comes with its article."""
    return Malformed(f'Property "{name}" expects {expected} as data, "{type_name(value)}" given.')


def wrong_shape(name: str, reason: str) -> Malformed:
    """Say that an array's members have the wrong form."""
    return Malformed(f'Property "{name}" expects an array with valid data, {reason}.')


def wrong_date(name: str, form: str, value: Json) -> Malformed:
    """Say that a property's value is no date in the form that it has to have."""
    expected = f'a string with the format "{form}" as data, "{text(value)}" given.'
    return Malformed(f'Property "{name}" expects {expected}')


def missing_key(name: str, key: str) -> Malformed:
    """Say that an array lacks a key."""
    return Malformed(f'Property "{name}" expects an array with the key "{key}".')


def unknown_code(name: str, kind: str, reason: str, value: Json) -> Malformed:
    """Say that a property names something that doesn't exist."""
    return Malformed(f'Property "{name}" expects a valid {kind}. {reason}, "{text(value)}" given.')


def unknown_attribute(code: str) -> Malformed:
    """Say that an attribute doesn't exist."""
    return Malformed(f"The {code} attribute does not exist in your PIM.")


def unknown_property(name: str) -> Malformed:
    """Say that a resource has no such property."""
    return Malformed(f'Property "{name}" does not exist.')


def immutable(name: str, value: Json) -> Malformed:
    """Say that a property cannot be changed by the updater."""
    shown = "NULL" if value is None else value
    return Malformed(f'Property "{name}" cannot be modified, "{shown}" given.')


def mismatch(key: str, named: Json, address: str) -> Refusal:
    """Refuse a body that names another resource than the address."""
    return Refusal(
        422,
        f'The {key} "{named}" provided in the request body must match '
        f'the {key} "{address}" provided in the url.',
    )
