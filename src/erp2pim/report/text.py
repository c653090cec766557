"""Text from the ERP and the PIM made fit for a terminal, a log line and a file."""

import re

_UNFIT = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LONGEST = 200


def fit(text: str, *, longest: int = _LONGEST) -> str:
    """Give a text on one line, without control characters or marks that reorder it, cut to length.

    What is unfit shows as its escape, so that nothing is hidden.
    """
    shown = _UNFIT.sub(lambda match: match.group().encode("unicode_escape").decode(), text)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
