"""What all shapes of our YAML files have in common: closed keys, text until a field asks."""

import difflib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

_LARGEST_EXPONENT = 20


class Shape(BaseModel):
    """A mapping with a fixed set of keys; an unknown one is a fault with a suggestion.

    Attributes:
        expected: What to say where something else stands.
        elsewhere: What to say of a key that has its place somewhere else.
        beyond: What to say of any other key that is like none of these.
    """

    # A shape is built when a file is first held against it: what lies inside others, only as
    # their part, and what a command does not read, not at all.
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, populate_by_name=True, defer_build=True
    )

    expected: ClassVar[str] = "keys with values are expected"
    elsewhere: ClassVar[Mapping[str, str]] = {}
    beyond: ClassVar[str] = ""

    @model_validator(mode="wrap")
    @classmethod
    def _tell_in_our_words(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            found = error.errors(include_url=False)
            unknown_keys = [cls._unknown(str(e["loc"][0])) for e in found if _is_unknown(e)]
            told = [
                cls._told(each)
                for each in found
                if not (each["type"] == "missing" and _is_meant(str(each["loc"][-1]), unknown_keys))
            ]
            raise ValidationError.from_exception_data(cls.__name__, told) from None

    @classmethod
    def _told(cls, error: ErrorDetails) -> InitErrorDetails:
        message = cls._unknown(str(error["loc"][0])) if _is_unknown(error) else cls._words(error)
        kind = "unknown_key" if error["type"] in {"extra_forbidden", "unknown_key"} else "fault"
        return InitErrorDetails(
            type=PydanticCustomError(kind, "{text}", {"text": message}),
            loc=error["loc"],
            input=error["input"],
        )

    @classmethod
    def _words(cls, error: ErrorDetails) -> str:
        kind, context = error["type"], error.get("ctx", {})
        seen: object = error["input"]
        if kind == "missing":
            return f"the key {error['loc'][-1]!r} is missing"
        if kind == "literal_error":
            return _none_of(context["expected"], seen)
        if kind == "union_tag_invalid":
            forms = re.findall(r"\w+", context["expected_tags"])
            named = " or ".join(_FORMS[form] for form in forms)
            shown = _seen(seen)
            first = isinstance(seen, list) and set(forms) == {"text", "map"}
            hint = "; the first of several paths is {path: [A, B]}" if first else ""
            return f"{named} is expected; found {shown}{hint}{cls._meaning(error)}"
        expected = cls.expected if kind == "model_type" else _EXPECTED.get(kind)
        if expected is None:
            return str(error["msg"])
        return f"{expected}; found {_seen(seen)}{cls._meaning(error)}"

    @classmethod
    def _meaning(cls, error: ErrorDetails) -> str:
        """Say what a key means whose value has the wrong form."""
        field = cls.model_fields.get(str(error["loc"][0])) if len(error["loc"]) == 1 else None
        return "" if field is None or field.description is None else f" ({field.description})"

    @classmethod
    def _unknown(cls, key: str) -> str:
        if key in cls.elsewhere:
            return cls.elsewhere[key]
        message = unknown(key, cls.key_names(), what="key")
        return message if message.endswith("?") else message + cls.beyond

    @classmethod
    def key_names(cls) -> list[str]:
        """Give the keys as they stand in the YAML."""
        return [field.alias or name for name, field in cls.model_fields.items()]


_LONGEST = 60
_FORMS = {"text": "a text", "list": "a list", "map": "a mapping of keys"}
_EXPECTED = {
    "dict_type": "keys with values are expected",
    "list_type": "a list is expected",
    "greater_than_equal": "a number from 1 is expected",
    "string_too_long": "one character is expected",
    "string_too_short": "one character is expected",
    "string_type": "a text is expected",
    "too_short": "at least one entry is expected",
}


def _is_unknown(error: ErrorDetails) -> bool:
    return error["type"] == "extra_forbidden" and len(error["loc"]) == 1


def _is_meant(key: str, messages: Sequence[str]) -> bool:
    """Say whether the message about an unknown key names a missing one already."""
    return any(f"did you mean {key!r}" in message for message in messages)


def _seen(data: object) -> str:
    if isinstance(data, list):
        return "a list" if data else "an empty list"
    if isinstance(data, dict):
        return "a mapping of keys"
    text = str(data)
    return f"the text '{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}'"


def _none_of(choices: str, seen: object) -> str:
    """Say that none of some words was written; `choices` is pydantic's list of them."""
    if not isinstance(seen, str):
        return f"{choices} is expected; found {_seen(seen)}"
    words = re.findall(r"'([^']+)'", choices)
    near = difflib.get_close_matches(seen.removeprefix("pim_catalog_"), words, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{choices} is expected; found {seen!r}{hint}"


def unknown(name: str, known: list[str], *, what: str) -> str:
    """Say that a name is unknown, and which known one was probably meant."""
    folded = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(name.casefold(), folded, n=1)
    if near:
        return f"unknown {what} {name!r}; did you mean {folded[near[0]]!r}?"
    return f"unknown {what} {name!r}; known are {', '.join(sorted(known)) or 'none'}"


def _flag(text: object) -> bool:
    if text in ("true", "false"):
        return text == "true"
    raise ValueError(f"{text!r} is neither true nor false")


def _whole(text: object) -> int:
    if isinstance(text, str) and text.lstrip("-").isdecimal():
        return int(text)
    raise ValueError(f"{text!r} is not a whole number")


def _exact(text: object) -> Decimal:
    try:
        number = Decimal(text) if isinstance(text, str) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f"{text!r} is not a number such as 100 or 0.01")
    return number


Version = Annotated[Literal["1"], WithJsonSchema({"const": 1})]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Whole = Annotated[int, BeforeValidator(_whole), WithJsonSchema({"type": "integer"})]
Exact = Annotated[Decimal, BeforeValidator(_exact), WithJsonSchema({"type": "number"})]
Text = Annotated[str, WithJsonSchema({"type": ["string", "number", "boolean"]})]
