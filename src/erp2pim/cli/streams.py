"""Standard streams, whoever started the program and whatever they lead to."""

import errno
import os
import sys

_LAST = 2
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


def open_standard_streams() -> None:
    """Lead standard streams that the caller closed to nowhere.

    Otherwise the next file to be opened, the state among them, gets the number of one, and what a
    library prints lands in that file.
    """
    number = os.open(os.devnull, os.O_RDWR)
    while number <= _LAST:
        number = os.open(os.devnull, os.O_RDWR)
    os.close(number)
    if sys.stdin is None:
        sys.stdin = os.fdopen(0, encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(_LAST, "w", encoding="utf-8")


def output_failed(error: OSError) -> bool:
    """Say whether the place that output goes to took no more: a write names no file."""
    return error.filename is None and error.errno in _FULL
