"""What a PIM has changed since its structure was read."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from erp2pim.model import Json
from erp2pim.structure.catalogue import Structure
from erp2pim.structure.form import to_json

_SINGULAR = {
    "channels": "channel",
    "locales": "locale",
    "currencies": "currency",
    "attributes": "attribute",
    "families": "family",
    "family_variants": "family variant",
    "association_types": "association type",
    "categories": "category",
    "measurement_families": "measurement family",
    "attribute_options": "option",
}
_MARKS = {"added": "+", "removed": "-", "changed": "~"}
# What an attribute may change without a change of what its values may be.
_ASIDE = frozenset({"default_value", "group", "is_mandatory", "is_read_only", "labels"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    Attributes:
        kind: `attribute`, `family`, `option` …, or `PIM` for its version.
        code: Its code; an option's and a family variant's is led by that of their owner.
        how: Whether the PIM has it anew, has it no more, or has it otherwise.
        field: What of it differs; empty where the whole does.
        old: What it was; None where there was none.
        new: What it is; None where there is none.
    """

    kind: str
    code: str
    how: Literal["added", "removed", "changed"]
    field: str
    old: Json
    new: Json

    def __str__(self) -> str:
        start = f"{_MARKS[self.how]} {self.kind} {self.code}"
        if self.how != "changed":
            return start
        field = f": {self.field}" if self.field else ""
        return f"{start}{field}: {_shown(self.old)} → {_shown(self.new)}"


def differences(old: Structure, new: Structure) -> Iterator[Difference]:
    """Give what differs, kind by kind and in the order of codes; the day of reading does not.

    Lists are compared by their members. Options are compared for attributes that both know the
    options of.
    """
    if old.version != new.version:
        yield Difference("PIM", "version", "changed", "", old.version, new.version)
    before, after = _things(old, new), _things(new, old)
    for kind in _SINGULAR.values():
        yield from _of_kind(kind, before.get(kind, {}), after.get(kind, {}))


def touches(change: Difference, rules: Collection[str]) -> bool:
    """Say whether a change may bear on what a mapping gives.

    Args:
        change: The change.
        rules: What has a rule: attributes, properties, and `associations.` or
            `quantified_associations.` with a type; `options.` with a select whose options are
            made, `labels.` with one whose options' labels are a table.
    """
    return change.kind in _TOUCHES and _TOUCHES[change.kind](change, rules)


def _attribute(change: Difference, rules: Collection[str]) -> bool:
    return change.code in rules and change.field.partition(".")[0] not in _ASIDE


def _family(change: Difference, rules: Collection[str]) -> bool:
    field, _, member = change.field.partition(".")
    return change.how == "removed" or (field == "attributes" and member in rules)


def _channel(change: Difference, _: Collection[str]) -> bool:
    return change.how == "removed" or change.field.startswith(("locales.", "currencies."))


def _option(change: Difference, rules: Collection[str]) -> bool:
    select = change.code.partition(".")[0]
    if f"labels.{select}" in rules:
        return True
    expected = ("removed",) if f"options.{select}" in rules else ("added", "removed")
    return select in rules and change.how in expected


def _units(change: Difference, _: Collection[str]) -> bool:
    return change.how == "removed" or (change.field.startswith("units.") and change.new is None)


_TOUCHES: Mapping[str, Callable[[Difference, Collection[str]], bool]] = {
    "attribute": _attribute,
    "family": _family,
    "family variant": lambda change, _: change.how != "added",
    "channel": _channel,
    "locale": lambda _, __: True,
    "option": _option,
    "measurement family": _units,
    "category": lambda change, rules: change.how != "changed" and "categories" in rules,
    "association type": lambda change, rules: any(
        f"{name}.{change.code}" in rules for name in ("associations", "quantified_associations")
    ),
}


def _of_kind(
    kind: str, before: Mapping[str, Mapping[str, Json]], after: Mapping[str, Mapping[str, Json]]
) -> Iterator[Difference]:
    for code in sorted({*before, *after}):
        if code not in after:
            yield Difference(kind, code, "removed", "", None, None)
        elif code not in before:
            yield Difference(kind, code, "added", "", None, None)
        else:
            yield from _of_thing(kind, code, before[code], after[code])


def _of_thing(
    kind: str, code: str, before: Mapping[str, Json], after: Mapping[str, Json]
) -> Iterator[Difference]:
    """Give the fields that differ; of lists and objects the members that came and went."""
    for field in sorted({*before, *after}):
        old, new = before.get(field), after.get(field)
        if old == new:
            continue
        one, other = _members(old), _members(new)
        if one is None or other is None:
            yield Difference(kind, code, "changed", field, old, new)
            continue
        for name in sorted({*one, *other}):
            if one.get(name) != other.get(name):
                part = f"{field}.{name}"
                yield Difference(kind, code, "changed", part, one.get(name), other.get(name))


def _shown(value: Json) -> str:
    return "none" if value is None else json.dumps(value, ensure_ascii=False)


def _members(value: Json) -> Mapping[str, Json] | None:
    """Give an object's members, and those of a list by their code or text; None for a scalar."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list | tuple):
        return {_name(one): True if isinstance(one, str) else one for one in value}
    return None


def _name(member: Json) -> str:
    if isinstance(member, Mapping):
        return str(member.get("code", member.get("level")))
    return str(member)


def _things(structure: Structure, other: Structure) -> Mapping[str, dict[str, dict[str, Json]]]:
    """Give all things of a structure by kind and code, without their codes."""
    found: dict[str, dict[str, dict[str, Json]]] = {}
    for name, content in to_json(structure).items():
        if name not in _SINGULAR:
            continue
        things = found.setdefault(_SINGULAR[name], {})
        if isinstance(content, Mapping):
            for owner, ones in content.items():
                if name != "attribute_options" or owner in other.attribute_options:
                    things.update(_coded(ones, f"{owner}."))
        else:
            things.update(_coded(content, ""))
    return found


def _coded(ones: Json, lead: str) -> Iterator[tuple[str, dict[str, Json]]]:
    for one in ones if isinstance(ones, list) else ():
        if isinstance(one, Mapping):
            fields = {name: value for name, value in one.items() if name != "code"}
            yield f"{lead}{one['code']}", fields
