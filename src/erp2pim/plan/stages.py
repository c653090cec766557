"""The order in which changes are sent."""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Literal, cast

from erp2pim.model import Body, Json, Kind
from erp2pim.plan.change import LINKS, Change


class Stage(Enum):
    """Part of a plan that is sent before the next one begins.

    A model must be there before what stands below it, and items before they are associated: a
    line with an association to an unknown product fails whole (Akeneo,
    InvalidAssociationProductIdentifierException).
    """

    ROOT_MODELS = "root models"
    SUB_MODELS = "sub-models"
    PRODUCTS = "products"
    MODEL_LINKS = "associations of models"
    PRODUCT_LINKS = "associations of products"

    @property
    def kind(self) -> Kind:
        """The kind of its items."""
        is_product = self in {Stage.PRODUCTS, Stage.PRODUCT_LINKS}
        return "product" if is_product else "product_model"

    @property
    def are_links(self) -> bool:
        """Whether it sends associations rather than all else."""
        return self in {Stage.MODEL_LINKS, Stage.PRODUCT_LINKS}

    @property
    def resource(self) -> Literal["products", "product-models"]:
        """Where the PIM takes its lines."""
        return "products" if self.kind == "product" else "product-models"

    @property
    def key(self) -> Literal["identifier", "code"]:
        """The name of an item's identifier in a line."""
        return "identifier" if self.kind == "product" else "code"

    def body(self, change: Change) -> Body:
        """Give what of a change is sent now."""
        return change.links if self.are_links else change.patch

    def after(self, change: Change) -> Change:
        """Give what is known of a refused change: an item is there before its associations."""
        return replace(change, is_new=False) if self.are_links else change

    def is_last(self, change: Change) -> bool:
        """Say whether nothing of a change is left to be sent after this."""
        return self.are_links or not change.links


def without_links(whole: Body, links: Body) -> Body:
    """Leave out the association types that are yet to be sent."""
    result = dict(whole)
    for name in LINKS:
        pending = cast("Mapping[str, Json]", links.get(name, {}))
        held = cast("Mapping[str, Json]", whole.get(name, {}))
        if pending:
            result[name] = {code: each for code, each in held.items() if code not in pending}
    return result
