"""Rules as they are written become rules at work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from erp2pim.mapping import schema
from erp2pim.mapping.chained import chained
from erp2pim.mapping.context import REST
from erp2pim.mapping.declared import declared
from erp2pim.mapping.faults import Faults, Loc
from erp2pim.mapping.given import TableRows
from erp2pim.mapping.names import names
from erp2pim.mapping.origins import (
    AllOf,
    Concat,
    Each,
    FirstOf,
    FromConstant,
    FromPair,
    FromPath,
    Pairs,
)
from erp2pim.mapping.paths import Path
from erp2pim.mapping.placing import idle
from erp2pim.mapping.reach import leaves
from erp2pim.mapping.readings import Readings
from erp2pim.mapping.rules import Beside, Condition, Origin, Rule
from erp2pim.mapping.scope import Scope
from erp2pim.mapping.shape import unknown
from erp2pim.mapping.spots import Known, Spot, Watched, below
from erp2pim.mapping.steps import steps
from erp2pim.mapping.tables import Table
from erp2pim.mapping.transforms import Step
from erp2pim.mapping.values import Texts, Value, all_text, inner_markup, plain_text
from erp2pim.mapping.written import mentions_rest, step_names
from erp2pim.structure.catalogue import Structure

_SOURCES = ("path", "pair", "value", "all", "concat")
_NOTHING = FromConstant("")
_TEXTS: Mapping[str | None, Texts] = {None: plain_text, "text": all_text, "markup": inner_markup}


class Builder:
    """What rules of one mapping have in common: names, tables, pairs, readings, faults."""

    def __init__(
        self,
        file: schema.MappingFile,
        faults: Faults,
        tables: Mapping[str, TableRows | None],
        functions: Callable[[str], Step],
        structure: Structure | None,
    ) -> None:
        """Begin with the variables and readings of the source, and without pairs.

        Args:
            file: The mapping as it was written.
            faults: Where faults are noted.
            tables: Rows of every table; None where each export gives its own.
            functions: Gives the function that `module:function` names.
            structure: What the PIM's catalogue looks like; None where nobody has pulled it.
        """
        source = file.source
        fixed = {"locale": source.locale, "channel": source.channel}
        self.file = file
        self.faults = faults
        self.names = names(source.namespaces)
        self.tables = tables
        self.functions = functions
        self.structure = structure
        self.known: dict[str, str | None] = {
            **{name: text for name, text in fixed.items() if text is not None},
            **dict.fromkeys(source.header),
        }
        self.pairs: dict[str, Pairs] = {}
        self.readings = declared(source, ("source",), faults)
        self.paths: list[str] = []
        self.watched: list[Watched] = []
        self.used_tables: list[Table] = []
        self.outward: list[str] = []
        self.reads_whole = False
        self.remembers = False
        self.rules: list[str] = []

    def scope(self) -> Scope:
        """Begin a place where the paths of a record or of a row start."""
        return Scope(self.names, self.known)

    def inner(self, each: str, outer: Scope) -> Scope:
        """Begin a place below another one, where the elements of `each` stand."""
        return Scope(self.names, self.known, depth=below(each, outer))

    def path(self, text: str, spot: Spot) -> Path | None:
        """Build a path."""
        path = self._compiled(text, spot, spot.scope.path)
        if path is not None:
            place = self.faults.place(spot.loc)
            self.watched.append(Watched(place, path, spot.bound, spot.fallback))
        return path

    def elements(self, text: str, spot: Spot) -> Path | None:
        """Build a path to elements, where other paths start."""
        cut = steps(text)
        if cut is not None and cut[-1].attribute:
            self.faults.add(spot.loc, f"each needs elements; {text} is an attribute")
        return self.path(text, spot)

    def condition(self, text: str | None, spot: Spot) -> Condition | None:
        """Build a condition."""
        path = None if text is None else self._compiled(text, spot, spot.scope.condition)
        return None if path is None else Condition(path, self.faults.place(spot.loc))

    def _compiled(
        self, text: str, spot: Spot, compile_path: Callable[[str, Known], Path]
    ) -> Path | None:
        self.paths.append(text)
        if leaves(text, spot.scope.depth):
            self.outward.append(text)
        return self.faults.attempt(
            spot.loc, lambda: compile_path(text, spot.bound), prefixes=list(self.names.prefixes)
        )

    def rule(self, written: schema.Source, spot: Spot) -> Rule:
        """Build a rule, or what the path is short for."""
        full = schema.Rule(path=written) if isinstance(written, str) else written
        readings = declared(full, spot.loc, self.faults, self.readings)
        self.rules.append(self.faults.place(spot.loc))
        if full.split == "":
            message = "a text to cut at is expected; found an empty one"
            self.faults.add((*spot.loc, "split"), message)
        outside = Rule(
            place=self.rules[-1],
            origin=_NOTHING,
            readings=readings,
            when=None if full.when is None else self.condition(full.when, spot.at("when")),
            join=None if full.concat is not None else full.join,
            default=full.default if spot.last else None,
        )
        if full.each is not None:
            return replace(outside, origin=self._each(full, full.each, spot))
        for key, message in idle(full, spot.level):
            self.faults.add(spot.at(key).loc, message)
        label = full.label if isinstance(full, schema.Cell) else None
        return replace(
            outside,
            origin=self._origin(full, spot, readings),
            split=full.split,
            transform=self._transform(full.transform, (*spot.loc, "transform")),
            table=self._table(full, spot),
            unit=self._beside(full.unit, full.path, spot, "unit"),
            currency=self._beside(full.currency, full.path, spot, "currency"),
            label=self._beside(label, full.path, spot, "label"),
            glued=mentions_rest(full.unit) or mentions_rest(full.currency),
            coded="code" in step_names(full.transform),
        )

    def _each(self, full: schema.Rule, each: str, spot: Spot) -> Origin:
        """Build the values at each element: `when`, `join` and `default` stay outside.

        The `join` beside `concat` is what stands between its parts.
        """
        path = self.elements(each, spot.at("each"))
        there = self.inner(each, spot.scope)
        if not any(getattr(full, name) is not None for name in _SOURCES):
            self.faults.add(spot.loc, "each needs path: from each element; . is the element itself")
            return _NOTHING
        inner_join = None if full.concat is None else full.join
        left = {"each": None, "when": None, "join": inner_join, "default": None}
        rule = self.rule(full.model_copy(update=left), replace(spot, scope=there))
        return _NOTHING if path is None else Each(path, there, rule)

    def _origin(self, full: schema.Rule, spot: Spot, readings: Readings) -> Origin:
        named = [name for name in _SOURCES if getattr(full, name) is not None]
        if len(named) != 1:
            seen = " and ".join(named) or "none"
            self.faults.add(spot.loc, f"one of {', '.join(_SOURCES)} is expected; found {seen}")
            return _NOTHING
        if full.value is not None:
            return FromConstant(full.value)
        if full.pair is not None:
            with_unit = spot.measured and full.unit is None
            return self._pair(full.pair, spot.at("pair").loc, with_unit=with_unit)
        if isinstance(full.path, str):
            path = self.path(full.path, spot.at("path"))
            words = {""} if spot.flag and readings.booleans.mean_empty else set[str]()
            no_value = (readings.no_value | {""}) - words
            trim = full.trim is not False
            texts = _TEXTS[full.as_]
            self.reads_whole = self.reads_whole or full.as_ is not None
            return _NOTHING if path is None else FromPath(path, trim, no_value, texts)
        return self._several(full, named[0], spot)

    def _several(self, full: schema.Rule, name: str, spot: Spot) -> Origin:
        entries: Sequence[schema.Source] = getattr(full, name)
        if not entries:
            self.faults.add(spot.at(name).loc, f"{name} is an empty list")
        final = len(entries) - 1
        rules = [
            self.rule(
                entry,
                replace(
                    spot.at(name, index),
                    last=spot.last and (name != "path" or index == final),
                    fallback=spot.fallback or (name == "path" and index > 0),
                    readable=False,
                    level="entry",
                ),
            )
            for index, entry in enumerate(entries)
        ]
        if name == "concat":
            return Concat(rules, full.join or "")
        return FirstOf(rules) if name == "path" else AllOf(rules)

    def _pair(self, text: str, loc: Loc, *, with_unit: bool) -> Origin:
        name, dot, entry = text.partition(".")
        pairs = self.pairs.get(name)
        if not dot or not entry:
            self.faults.add(loc, f"{text!r} is not of the form list.name")
        elif pairs is None:
            self.faults.add(loc, unknown(name, list(self.pairs), what="list of pairs"))
        else:
            bare = replace(pairs, value=replace(pairs.value, unit=None))
            return FromPair(pairs if with_unit else bare, entry)
        return _NOTHING

    def pair_list(self, name: str, written: schema.Pairs, record: Scope) -> None:
        """Build a list of names and values; it is known by its name from here on."""
        path = self.elements(written.each, Spot(("pairs", name, "each"), record))
        spot = Spot(("pairs", name), self.inner(written.each, record))
        key = self.rule(written.key, spot.at("key"))
        value = self.rule(written.value, spot.at("value"))
        unit = self._beside(written.unit, None, spot, "unit")
        if path is not None:
            value = replace(value, unit=unit or value.unit)
            self.pairs[name] = Pairs(name, path, spot.scope, key, value)

    def _beside(
        self, written: schema.Source | None, path: object, spot: Spot, key: str
    ) -> Beside | None:
        """Build what stands, by a key of its rule, beside a value that a path finds."""
        if written is None:
            return None
        depth = below(path, spot.scope) if isinstance(path, str) else spot.scope.depth
        near = Scope(self.names, self.known, beyond=spot.scope, depth=depth)
        bound = {**spot.bound, REST: None}
        there = replace(spot.at(key), scope=near, bound=bound, readable=False, level="entry")
        return Beside(near, self.rule(written, there))

    def _transform(self, written: schema.Transforms | None, loc: Loc) -> Step | None:
        names = step_names(written)
        self.remembers = self.remembers or "code" in names or any(":" in name for name in names)
        return chained(written, loc, self.faults, self.functions)

    def _table(self, full: schema.Rule, spot: Spot) -> Table | None:
        if full.table is None:
            if full.parents is not None:
                self.faults.add(spot.at("parents").loc, "parents needs a table")
            if full.otherwise is not None and not spot.readable:
                self.faults.add(spot.at("otherwise").loc, "otherwise needs a table")
            return None
        if full.table not in self.tables:
            message = unknown(full.table, list(self.tables), what="table")
            if full.table in self.known:
                message = f"{full.table} is no table but a variable: ask ${full.table} in a path"
            self.faults.add(spot.at("table").loc, message)
            return None
        written = self.file.tables[full.table]
        if full.parents and getattr(written, "parent", None) is None:
            message = f"the table {full.table} has no parent: to go up by"
            self.faults.add(spot.at("parents").loc, message)
        otherwise: Literal["reject", "drop", "keep"] | Value
        if isinstance(full.otherwise, schema.Constant):
            otherwise = Value(full.otherwise.value, None, constant=True)
        else:
            otherwise = full.otherwise or "reject"
            otherwise = "drop" if otherwise == "reject" and not spot.last else otherwise
        table = Table(
            name=full.table,
            rows=self.tables[full.table],
            otherwise=otherwise,
            parents=full.parents is True,
            plain=isinstance(written, dict),
            place=self.faults.place(spot.at("table").loc),
        )
        self.used_tables.append(table)
        return table
