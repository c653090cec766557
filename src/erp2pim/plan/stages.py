"""The order in which changes are sent."""

from dataclasses import replace
from enum import Enum
from typing import Literal, TypeAlias

from erp2pim.model import Body, Kind
from erp2pim.plan.change import Change
from erp2pim.plan.compare import without

Share: TypeAlias = Literal["patch", "links", "media"]


class Stage(Enum):
    """Part of a plan that is sent before the next one begins.

    A model must be there before what stands below it, and items before they are associated: a
    line with an association to an unknown product fails whole (Akeneo,
    InvalidAssociationProductIdentifierException). Files go into items that are there (Akeneo,
    MediaFileController).
    """

    ROOT_MODELS = "root models"
    SUB_MODELS = "sub-models"
    PRODUCTS = "products"
    MODEL_LINKS = "associations of models"
    PRODUCT_LINKS = "associations of products"
    MODEL_MEDIA = "files of models"
    PRODUCT_MEDIA = "files of products"

    @property
    def kind(self) -> Kind:
        """The kind of its items."""
        is_product = self in {Stage.PRODUCTS, Stage.PRODUCT_LINKS, Stage.PRODUCT_MEDIA}
        return "product" if is_product else "product_model"

    @property
    def share(self) -> Share:
        """Which share of a change it sends."""
        match self:
            case Stage.ROOT_MODELS | Stage.SUB_MODELS | Stage.PRODUCTS:
                return "patch"
            case Stage.MODEL_LINKS | Stage.PRODUCT_LINKS:
                return "links"
            case Stage.MODEL_MEDIA | Stage.PRODUCT_MEDIA:
                return "media"

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
        match self.share:
            case "patch":
                return change.patch
            case "links":
                return change.links
            case "media":
                return change.media

    def after(self, change: Change) -> Change:
        """Give what is known of a refused change: an item is there before its associations."""
        return change if self.share == "patch" else replace(change, is_new=False)

    def next(self, change: Change) -> Share | None:
        """Give the share of a change that is sent after this one; None where this is the last."""
        if self.share == "patch" and change.links:
            return "links"
        return "media" if self.share != "media" and change.media else None

    def so_far(self, change: Change) -> Change:
        """Give what the PIM holds of a change after this stage: the rest is missing until then."""
        return so_far(change, {**(change.links if self.share == "patch" else {}), **change.media})


def first(change: Change) -> Share:
    """Give the share of a change that is sent first."""
    if change.is_new or change.patch:
        return "patch"
    return "links" if change.links else "media"


def so_far(change: Change, pending: Body) -> Change:
    """Give what the PIM holds of a change while some of it is still to be sent.

    Next time it is seen to be missing.
    """
    if not pending:
        return change
    return replace(change, whole=without(change.whole, pending), fingerprint=b"", mark=None)
