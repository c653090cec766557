"""What all shapes of our YAML files have in common: closed keys, text until a field asks."""

import difflib
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

_LARGEST_EXPONENT = 20


class Shape(BaseModel):
    """A mapping with a fixed set of keys; an unknown one is a fault with a suggestion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    @model_validator(mode="wrap")
    @classmethod
    def _name_the_nearest_key(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401  pydantic hands over whatever stood there
        try:
            return handler(data)
        except ValidationError as error:
            raise ValidationError.from_exception_data(
                cls.__name__, [cls._told(each) for each in error.errors(include_url=False)]
            ) from None

    @classmethod
    def _told(cls, error: Any) -> InitErrorDetails:  # noqa: ANN401  pydantic's own error details
        message = error["msg"]
        if error["type"] == "extra_forbidden" and len(error["loc"]) == 1:
            message = unknown(str(error["loc"][0]), cls.key_names(), what="key")
        kind = "unknown_key" if error["type"] == "extra_forbidden" else "fault"
        return InitErrorDetails(
            type=PydanticCustomError(kind, "{text}", {"text": message}),
            loc=error["loc"],
            input=error["input"],
        )

    @classmethod
    def key_names(cls) -> list[str]:
        """Give the keys as they stand in the YAML."""
        return [field.alias or name for name, field in cls.model_fields.items()]


def unknown(name: str, known: list[str], *, what: str) -> str:
    """Say that a name is unknown, and which known one was probably meant."""
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"unknown {what} {name!r}; did you mean {near[0]!r}?"
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
