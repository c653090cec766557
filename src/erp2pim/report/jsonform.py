"""A run as one JSON object, with keys that stay."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from erp2pim import __version__
from erp2pim.errors import Erp2pimError
from erp2pim.ledger import Ledger
from erp2pim.model import Json, Reject, printable


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run's JSON says besides its rejects.

    Attributes:
        command: `sync` or `diff`.
        run: Its number; None where no state is kept.
        ledger: Its books.
        options_made: How many options of selects were made, or would be.
        requests: All HTTP requests.
        patch_requests: The PATCH requests among them.
        seconds: How long it took.
        warnings: What is worth a look.
        exit_code: Its exit code.
        error: What ended it early; None when it was done to the end.
    """

    command: str
    run: int | None
    ledger: Ledger
    options_made: int
    requests: int
    patch_requests: int
    seconds: float
    warnings: Sequence[str]
    exit_code: int
    error: Erp2pimError | None = None

    def head(self) -> dict[str, Json]:
        """Give all keys but `rejects`."""
        counts: Mapping[str, Json] = self.ledger.counts()
        head: dict[str, Json] = {
            "version": __version__,
            "command": self.command,
            "run": self.run,
            **counts,
            "options_made": self.options_made,
            "skipped_by": dict(self.ledger.skipped_by),
            "requests": self.requests,
            "patch_requests": self.patch_requests,
            "seconds": round(self.seconds, 3),
            "decisions": _by_rule(self.ledger),
            "warnings": [printable(warning) for warning in self.warnings],
            "exit_code": self.exit_code,
        }
        if self.error is not None:
            head["error"] = {
                "what": printable(self.error.what),
                "where": printable(self.error.where),
                "fix": self.error.fix,
            }
        return head


def _by_rule(ledger: Ledger) -> dict[str, Json]:
    rules: dict[str, dict[str, Json]] = {}
    for (place, decision), count in sorted(ledger.decisions.items()):
        rules.setdefault(place, {})[decision] = count
    return {**rules}


def pieces(
    facts: Facts, rejects: Iterable[Reject], more: Mapping[str, Iterable[Json]] | None = None
) -> Iterator[str]:
    """Give one JSON object piece by piece, so that a million rejects need no memory.

    Args:
        facts: The fixed keys.
        rejects: The list under `rejects`.
        more: Further lists by key.
    """
    yield orjson.dumps(facts.head()).decode()[:-1]
    lists: dict[str, Iterable[Json]] = {"rejects": map(_reject, rejects), **(more or {})}
    for key, entries in lists.items():
        yield f',"{key}":['
        for number, entry in enumerate(entries):
            yield ("," if number else "") + orjson.dumps(entry).decode()
        yield "]"
    yield "}\n"


def _reject(reject: Reject) -> Json:
    return {
        "identifier": reject.identifier,
        "record": reject.origin.record,
        "line": reject.origin.line,
        "stage": reject.stage,
        "rule": reject.rule,
        "message": reject.message,
        "value": reject.value,
        "export": reject.origin.export,
        "kind": reject.kind,
    }
