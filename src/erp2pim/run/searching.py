"""Things of the PIM, read by their codes with as few requests as it allows."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

import orjson

from erp2pim.errors import PimError
from erp2pim.model import Body
from erp2pim.pim import Pim
from erp2pim.run.pages import page_of

# A page holds 100 things, and the PIM takes 100 identifiers at once; common web servers take
# about 8 KB of address.
_BLOCK = 100
_LONGEST_SEARCH = 4000


def named(pim: Pim, path: str, field: str, codes: Sequence[str]) -> Iterator[Body]:
    """Give what a list of the PIM has under these codes; what it does not have is left out.

    Args:
        pim: The PIM.
        path: The list's path, such as `/api/rest/v1/products`.
        field: What the list calls the code: `identifier` or `code`.
        codes: The codes.

    Raises:
        PimError: The PIM cannot be read, or answers with anything else.
    """
    for block in _blocks(codes):
        search = {field: [{"operator": "IN", "value": block}]}
        query = {"search": orjson.dumps(search).decode(), "limit": str(_BLOCK)}
        for thing in page_of(pim.get(path, query), path):
            if not isinstance(thing, Mapping) or not isinstance(thing.get(field), str):
                raise PimError(f"the PIM's answer is no list by {field}", where=f"GET {path}")
            yield thing


def _blocks(codes: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    length = 0
    for code in codes:
        size = len(quote(code, safe="")) + len("%22%22%2C")
        if block and (len(block) == _BLOCK or length + size > _LONGEST_SEARCH):
            yield block
            block, length = [], 0
        block.append(code)
        length += size
    if block:
        yield block
