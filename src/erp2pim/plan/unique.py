"""Products that would share a value which is unique in the PIM."""

import sqlite3

from erp2pim.model import Origin
from erp2pim.plan.duplicates import NAMED, places

_SCHEMA = """
CREATE TEMP TABLE IF NOT EXISTS held (
    text TEXT NOT NULL,
    seq INTEGER NOT NULL,
    is_sent INTEGER NOT NULL,
    PRIMARY KEY (text, seq)
) STRICT, WITHOUT ROWID
"""


def refuse_shared(items: sqlite3.Connection, attribute: str, rule: str) -> None:
    """Refuse the changes that would give several products one value of an attribute.

    Which of them has the right one nobody can tell here, and the PIM would take whichever comes
    first. A product that keeps the value, while others would be given it, is not refused.

    Args:
        items: The plan.
        attribute: Its code; it has one cell, since what is unique has no locale and no channel.
        rule: `file:line` of its rule.
    """
    items.execute(_SCHEMA)
    items.execute("DELETE FROM held")
    items.execute(
        "INSERT INTO held SELECT * FROM (SELECT json_extract(CAST(whole AS TEXT), ?1) AS text,"
        " seq, json_extract(CAST(patch AS TEXT), ?1) IS NOT NULL FROM items"
        " WHERE fate = 'changed' AND kind = 'product') WHERE text != ''",
        (f'$.values."{attribute}"[0].data',),
    )
    shared = items.execute("SELECT text, count(*) FROM held GROUP BY text HAVING count(*) > 1")
    for text, count in shared.fetchall():
        found = _holders(items, text, count)
        message = f"one product with this {attribute} is expected; found {found}"
        items.execute(
            "UPDATE items SET fate = 'rejected', rule = ?, message = ?, value = ?"
            " WHERE seq IN (SELECT seq FROM held WHERE text = ? AND is_sent)",
            (rule, message, text, text),
        )


def _holders(items: sqlite3.Connection, text: str, count: int) -> str:
    rows = items.execute(
        "SELECT identifier, export, record, line FROM held JOIN items USING (seq)"
        " WHERE text = ? ORDER BY seq LIMIT ?",
        (text, NAMED),
    )
    return places([f"{identifier} ({Origin(*place)})" for identifier, *place in rows], count)
