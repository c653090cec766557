"""What stands where well-formed XML was expected, told so that somebody can mend it."""

import re
from collections.abc import Mapping

from lxml import etree

from erp2pim.errors import ExportError

# By the first bytes of a file: what it is instead, and what to do.
_OTHERS = (
    (rb"[\xef\xbb\xbf\xff\xfe\0 \t\r\n]*\Z", "empty", "see why the ERP wrote nothing into it"),
    (rb"\x1f\x8b", "a gzip archive whose name does not end in .gz", "rename it"),
    (rb"PK\x03\x04", "a zip archive whose name does not end in .zip", "rename it"),
    (
        rb"(?i:[\xef\xbb\xbf \t\r\n]*<(!doctype\s+)?html\b)",
        "an HTML page",
        "read it: the server that it was fetched from may say there what failed",
    ),
)
_AGAIN = "the file may be cut short; have the ERP write it again"
_LARGER = (
    "if the ERP means it and is to be trusted, write `huge: true` under `source`; where that stands"
    " already, it is more than the parser can read"
)
_ITSELF = "have the ERP write the text itself; no other file is read for an export"
NAMED = f"{_ITSELF}; `recover: true` under `source` reads what HTML names"
_ENCODING = (
    'have the ERP declare the encoding in which it writes, such as <?xml version="1.0"'
    ' encoding="windows-1252"?>'
)
_LEAVE_OUT = "have the ERP leave out control characters, or write `recover: true` under `source`"
_AMPERSAND = "have the ERP write &amp; for &, or write `recover: true` under `source`"
_PREFIX = (
    "have the ERP declare the prefix, or write `recover: true` and `namespaces: ignore` under"
    " `source`"
)
_NAME_REQUIRED = 68  # XML_ERR_NAME_REQUIRED: behind a & or a <
# By libxml2's xmlParserErrors (xmlerror.h), whose names lxml does not have in all versions.
_FIXES: Mapping[int, str] = {
    4: "see whether this is the export: XML begins with <",  # XML_ERR_DOCUMENT_EMPTY
    9: _LEAVE_OUT,  # XML_ERR_INVALID_CHAR
    23: _AMPERSAND,  # XML_ERR_ENTITYREF_SEMICOL_MISSING
    26: NAMED,  # XML_ERR_UNDECLARED_ENTITY
    27: NAMED,  # XML_WAR_UNDECLARED_ENTITY
    32: "have the ERP write UTF-8",  # XML_ERR_UNSUPPORTED_ENCODING
    81: _ENCODING,  # XML_ERR_INVALID_ENCODING
    89: _ITSELF,  # XML_ERR_ENTITY_LOOP
    110: _LARGER,  # XML_ERR_NAME_TOO_LONG
    114: _LARGER,  # XML_ERR_RESOURCE_LIMIT
    201: _PREFIX,  # XML_NS_ERR_UNDEFINED_NAMESPACE
}
# Of these, the ones at which the parser stops, recovering or not.
LIMITS = frozenset({110, 114})
# What libxml2 tells programmers: ", use XML_PARSE_HUGE option".
_ADVICE = re.compile(r", (see|use|try) xml\w+( option)?\.?", re.IGNORECASE)


def illformed(error: etree.XMLSyntaxError, *, name: str, head: bytes) -> ExportError:
    """Say what is wrong with an export that is not well-formed.

    Args:
        error: What the parser says.
        name: The export's name.
        head: The first bytes of the file; none where it has none.
    """
    where = f"{name}:{error.lineno or 1}:{max(error.offset or 1, 1)}"
    for look, what, fix in _OTHERS:
        if re.match(look, head):
            return ExportError(f"the export is {what}", where=where, fix=fix)
    what = f"the export is not well-formed XML: {_reason(error.msg or '')}"
    return ExportError(what, where=where, fix=_fix(error))


def _fix(error: etree.XMLSyntaxError) -> str:
    if error.code == _NAME_REQUIRED and "EntityRef" in (error.msg or ""):
        return _AMPERSAND
    return _FIXES.get(error.code, _AGAIN)


def limited(message: str, *, where: str) -> ExportError:
    """Say which limit of the parser ended a recovering read: what follows is lost."""
    return ExportError(
        f"the export is read no further than here: {_reason(message)}", where=where, fix=_LARGER
    )


def _reason(message: str) -> str:
    reason = " ".join(message.partition(", line ")[0].split())
    return _ADVICE.sub("", reason)[:200]
