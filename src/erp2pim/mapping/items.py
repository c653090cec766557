"""One kind of item at work: a record becomes a product or a product model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from erp2pim.mapping.cells import Draft, boolean, nfc
from erp2pim.mapping.context import Here
from erp2pim.mapping.origins import entered
from erp2pim.mapping.paths import Path
from erp2pim.mapping.proof import WARNED, Proof, is_made, named, refusal
from erp2pim.mapping.rules import Condition, Rule
from erp2pim.mapping.scope import Scope
from erp2pim.mapping.values import Found, State, Unmappable, same
from erp2pim.model import Body, Duplicates, Item, Json, Kind, Origin, Reject, identity


class Part(Protocol):
    """Something that a record gives to an item."""

    @property
    def name(self) -> str:
        """Its property, its attribute's code, or `associations.` with a type."""
        ...

    @property
    def place(self) -> str:
        """`file:line` of its rule."""
        ...

    def fill(self, here: Here, draft: Draft) -> None:
        """Put it into the draft, or leave the draft as it is where the PIM's value stays."""
        ...


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an item that is no attribute.

    Attributes:
        name: Its name in the PIM: `family`, `enabled`, `categories` …
        rule: Where it comes from.
        form: One code, a list of codes, or whether the item is enabled.
    """

    name: str
    rule: Rule
    form: Literal["code", "codes", "flag"]

    @property
    def place(self) -> str:
        """`file:line` of its rule."""
        return self.rule.place

    def fill(self, here: Here, draft: Draft) -> None:
        """Put what the PIM is sent into a draft.

        A product is always enabled or not, so that `enabled` cannot be cleared.

        Raises:
            Unmappable: The record does not give what the form needs.
        """
        found = self.rule.find(here)
        if found.values:
            draft.body[self.name] = self._typed(found)
        elif self.rule.clears(found.state, here) and self.form != "flag":
            draft.body[self.name] = [] if self.form == "codes" else None

    def _typed(self, found: Found) -> Json:
        try:
            match self.form:
                case "code":
                    return nfc(self.rule.only(found))
                case "codes":
                    return sorted({nfc(value.as_text()) for value in found.values})
                case "flag":
                    flags = [boolean(self.rule, value) for value in found.values]
                    return same(flags, found.values)
        except Unmappable as finding:
            finding.rule = finding.rule or self.rule.place
            raise


@dataclass(frozen=True, slots=True)
class Links:
    """Items of one sort that an item is associated with.

    Attributes:
        type: The association type's code.
        sort: `products`, `product_models` or `groups`.
        rule: Where their identifiers or codes come from.
        path: Where the elements of quantified links stand; None for links without quantity.
        scope: What starts at such an element.
        quantity: How many of each.
    """

    type: str
    sort: str
    rule: Rule
    path: Path | None = None
    scope: Scope | None = None
    quantity: Rule | None = None

    @property
    def name(self) -> str:
        """The property that holds the links, with their type."""
        return f"{self._property}.{self.type}"

    @property
    def place(self) -> str:
        """`file:line` of its rule."""
        return self.rule.place

    @property
    def _property(self) -> str:
        return "associations" if self.quantity is None else "quantified_associations"

    def fill(self, here: Here, draft: Draft) -> None:
        """Put the links into a draft, or leave it as it is where the PIM's links stay.

        Raises:
            Unmappable: A quantity is missing or no whole number, or a policy says reject.
        """
        if self.path is None or self.scope is None or self.quantity is None:
            found = self.rule.find(here)
            links: Sequence[Json] = sorted({nfc(value.as_text()) for value in found.values})
            state = found.state
        else:
            links = self._all_quantified(here, self.path, self.scope, self.quantity)
            state = State.ABSENT
        if links or self.rule.clears(state, here):
            types = cast("dict[str, dict[str, Json]]", draft.body.setdefault(self._property, {}))
            types.setdefault(self.type, {})[self.sort] = links

    def _all_quantified(
        self, here: Here, path: Path, scope: Scope, quantity: Rule
    ) -> Sequence[Json]:
        try:
            return [self._quantified(there, quantity) for there in entered(path, scope, here)]
        except Unmappable as finding:
            finding.rule = finding.rule or self.rule.place
            raise

    def _quantified(self, there: Here, quantity: Rule) -> Json:
        text = quantity.need(there, "the quantity")
        number = quantity.readings.numbers.number(text)
        if number != int(number) or number < 1:
            message = "a whole number from 1 is expected as the quantity"
            raise Unmappable(message, text, rule=quantity.place, what="number")
        item = nfc(self.rule.need(there, "the associated item"))
        # Models, too, are named by `identifier` here (recorded: qassoc).
        return {"identifier": item, "quantity": int(number)}


@dataclass(frozen=True, slots=True)
class ItemKind:
    """One kind of item that records become.

    Attributes:
        kind: Product or product model.
        when: Which records become this kind; None for all.
        path: Where the elements stand that become an item each; None where the record does.
        scope: What starts at such an element.
        identifier: The item's identifier or code.
        duplicates: What to do when several records give one identifier.
        parts: Properties, cells of attributes and associations.
    """

    kind: Kind
    when: Condition | None
    path: Path | None
    scope: Scope
    identifier: Rule
    duplicates: Duplicates
    parts: Sequence[Part]

    def items(self, top: Here, origin: Origin) -> Sequence[Item | Reject]:
        """Give what a record becomes, or why it cannot; nothing where it is not of this kind."""
        try:
            if self.when is not None and not self.when.holds(top):
                return ()
            places = [top] if self.path is None else list(entered(self.path, self.scope, top))
        except Unmappable as finding:
            finding.rule = finding.rule or self.identifier.place
            return (self._reject(top, None, origin, [finding]),)
        return [self._item(here, origin) for here in places]

    def _item(self, here: Here, origin: Origin) -> Item | Reject:
        """Give one item, or why it cannot be; every fault is told."""
        try:
            identifier = nfc(self.identifier.need(here, "the identifier"))
        except Unmappable as finding:
            return self._reject(here, None, origin, [finding])
        findings: list[Unmappable] = []
        draft = Draft()
        for part in self.parts:
            try:
                part.fill(here, draft)
            except Unmappable as finding:
                finding.rule = finding.rule or self.identifier.place
                findings.append(finding)
        if findings:
            return self._reject(here, identifier, origin, findings)
        if draft.values:
            draft.body["values"] = draft.values
        body = self._proved(here, identifier, draft, findings)
        if findings:
            return self._reject(here, identifier, origin, findings)
        return Item(self.kind, identifier, body, origin, draft.options, tuple(draft.media))

    def _proved(
        self, here: Here, identifier: str, draft: Draft, refusals: list[Unmappable]
    ) -> Body:
        """Give a body in the PIM's spelling, with what the structure has against it.

        Options that may be made are not held against those that are there.
        """
        body = draft.body
        proof = here.context.proof
        if proof is None:
            return body
        self._drop_files(here, draft, proof)
        spelled = proof.spelled(body)
        variant = self._variant(here, identifier, spelled)
        held = proof.hold(self.kind, identifier, spelled, media=draft.media, variant=variant)
        found = [each for each in held if not is_made(each, draft.options)]
        for finding in found:
            place = self.place_of(finding.path.name) or ""
            if proof.is_refusal(finding):
                refusals.append(refusal(finding, place))
            else:
                here.context.decided(place, f"{WARNED}{named(finding)}{finding.message}")
        return spelled

    def place_of(self, name: str) -> str | None:
        """Give `file:line` of the first rule for an attribute or property; None without one."""
        return next((part.place for part in self.parts if part.name == name), None)

    def _drop_files(self, here: Here, draft: Draft, proof: Proof) -> None:
        """Leave out the files that the attribute does not take and that may be left out."""
        for cell in [each for each in draft.media if each.is_optional and not proof.takes(each)]:
            draft.media.remove(cell)
            here.context.decided(cell.place, "file: dropped")

    def _variant(self, here: Here, identifier: str, body: Body) -> str | None:
        """Give the family variant of an item, and keep a model's for what stands below it.

        It is known where the same record became the model above.
        """
        above, own = body.get("parent"), body.get("family_variant")
        variants = here.context.variants
        variant = own if isinstance(own, str) else None
        if variant is None and isinstance(above, str):
            variant = variants.get(identity(above))
        if variant is not None and self.kind == "product_model":
            variants[identity(identifier)] = variant
        return variant

    def _reject(
        self, here: Here, identifier: str | None, origin: Origin, findings: Sequence[Unmappable]
    ) -> Reject:
        for each in findings:
            here.context.decided(each.rule, f"{each.what}: rejected")
        return refused(self.kind, identifier, origin, findings)


def refused(
    kind: Kind, identifier: str | None, origin: Origin, findings: Sequence[Unmappable]
) -> Reject:
    """Give the reject of an item with all that was found, the first at its own place.

    Of several findings each tells its own value, and none is the reject's.
    """
    told = dict.fromkeys((each.rule, each.message, each.value) for each in findings)
    (rule, message, value), *others = told
    if others:
        more = [f"{place}: {_with_value(text, seen)}" for place, text, seen in others]
        message, value = "; ".join([_with_value(message, value), *more]), None
    return Reject(
        kind=kind,
        identifier=identifier,
        origin=origin,
        stage="mapping",
        rule=rule or None,
        message=message,
        value=value,
    )


def _with_value(message: str, value: str | None) -> str:
    return message if value is None else f"{message}; found {value!r}"
