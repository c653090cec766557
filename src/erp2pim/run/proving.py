"""A whole export held against mapping and structure, without a PIM and without a state."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from erp2pim.model import Body, Kind, Origin, Recognised, Reject
from erp2pim.plan.spool import Spool
from erp2pim.structure import Structure


class NothingKnown:
    """What the PIM accepted, where nobody wants to know."""

    def fingerprints(self, kind: Kind, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give nothing."""
        del kind, keys
        return {}

    def bodies(self, kind: Kind, keys: Sequence[str]) -> Mapping[str, Body]:
        """Give nothing."""
        del kind, keys
        return {}

    def recognised(self, digest: bytes, origin: Origin) -> Sequence[Recognised]:
        """Give nothing."""
        del digest, origin
        return ()


def causes(rejects: Iterator[Reject]) -> Iterator[tuple[int, Reject]]:
    """Give the causes of rejects, the most frequent first, each with how often and its first."""
    counts: Counter[tuple[str | None, str]] = Counter()
    first: dict[tuple[str | None, str], Reject] = {}
    for reject in rejects:
        cause = (reject.rule, reject.message if reject.rule else reject.message.partition(";")[0])
        counts[cause] += 1
        first.setdefault(cause, reject)
    for cause, count in counts.most_common():
        yield count, first[cause]


def never_filled(
    spool: Spool, structure: Structure, filled: Mapping[str, str]
) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Give what families require for a channel and no rule fills: family, channel, attributes.

    Args:
        spool: A plan; the families of its items count.
        structure: The PIM's structure.
        filled: Attributes that have a rule.
    """
    identifier = structure.main_identifier
    known = {*filled, identifier.code} if identifier else set(filled)
    named = (change.whole.get("family") for change in spool.changes())
    for code in sorted({each for each in named if isinstance(each, str)}):
        family = structure.families.find(code)
        if family is None:
            continue
        for channel, required in sorted(family.attribute_requirements.items()):
            missing = [each for each in required if each not in known]
            if missing:
                yield code, channel, missing
