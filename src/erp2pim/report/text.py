"""Text from the ERP and the PIM made fit for a terminal, a log line and a file."""

import json
import re

_UNFIT = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)
_LONGEST = 200


def fit(text: str, *, longest: int = _LONGEST) -> str:
    """Give a text on one line, without control characters or marks that hide or reorder it.

    What is unfit shows as its escape, so that nothing is hidden; a long text is cut.
    """
    shown = _UNFIT.sub(lambda match: match.group().encode("unicode_escape").decode(), text)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def escaped(text: str) -> str:
    """Give a JSON text that means the same, and does nothing to a terminal on which it is shown.

    Control characters of ASCII stand in no string of a JSON text; other unfit ones may.
    """
    return _UNFIT.sub(
        lambda match: match.group() if match.group() < " " else json.dumps(match.group())[1:-1],
        text,
    )
