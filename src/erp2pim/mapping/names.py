"""Element and attribute names as the mapping writes them, and as lxml does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"


def apart(tag: str) -> tuple[str, str]:
    """Give the namespace and the bare name of lxml's form of a name.

    A recovering parser leaves a prefix that nobody declares in the name; `etree.QName` refuses it.
    """
    uri, _, name = tag.removeprefix("{").rpartition("}")
    return uri, name.rpartition(":")[2]


class UnknownPrefixError(ValueError):
    """A name has a prefix that `source.namespaces` does not declare."""


@dataclass(frozen=True, slots=True)
class Names:
    """How names of the export are to be read.

    Attributes:
        ignore: Every element and attribute loses its namespace, or the prefix that a recovering
            parser leaves where none is declared; `xml:` stays.
        prefixes: Namespace by prefix, as XPath takes them.
        same: URI by URI that means the same.
    """

    ignore: bool
    prefixes: Mapping[str, str]
    same: Mapping[str, str]
    _cleaned: dict[str, str] = field(default_factory=dict[str, str], repr=False, compare=False)

    @property
    def verbatim(self) -> bool:
        """Whether names of the export are already what the mapping's paths look for."""
        return not self.ignore and not self.same

    def clean(self, tag: str) -> str:
        """Give the name that the mapping knows for a name of the export."""
        known = self._cleaned.get(tag)
        if known is None:
            known = self._cleaned[tag] = self._clean(tag)
        return known

    def _clean(self, tag: str) -> str:
        uri, local = apart(tag)
        if self.ignore:
            return tag if uri == XML_NAMESPACE else local
        return f"{{{self.same.get(uri, uri)}}}{local}" if uri else tag

    def resolve(self, name: str) -> str:
        """Give lxml's form of a name from the mapping: `e:Item` becomes `{urn:…}Item`.

        Raises:
            UnknownPrefixError: The prefix is not declared.
        """
        prefix, colon, local = name.rpartition(":")
        if not colon:
            return name
        if prefix == "xml":
            return f"{{{XML_NAMESPACE}}}{local}"
        if prefix not in self.prefixes:
            raise UnknownPrefixError(prefix)
        return f"{{{self.prefixes[prefix]}}}{local}"

    def tidy(self, element: etree._Element) -> None:
        """Rename an element, its attributes and all below it in place."""
        if self.verbatim:
            return
        for node in element.iter(etree.Element):
            self.tidy_one(node)

    def tidy_one(self, element: etree._Element) -> None:
        """Rename one element and its attributes in place.

        An attribute that has a name already keeps it from another one that would get the same.
        `xsi:nil` stays beside its clean name, since it says what the element means.
        """
        cleaned = self.clean(str(element.tag))
        if cleaned != element.tag:
            element.tag = cleaned
        for name, text in element.attrib.items():
            cleaned = self.clean(name)
            if cleaned == name:
                continue
            if name != XSI_NIL:
                del element.attrib[name]
            if cleaned not in element.attrib:
                element.attrib[cleaned] = text


def names(namespaces: Mapping[str, str | Sequence[str]] | Literal["ignore"]) -> Names:
    """Read `source.namespaces`: `ignore`, or a URI or several equal URIs by prefix."""
    if namespaces == "ignore":
        return Names(ignore=True, prefixes={}, same={})
    prefixes: dict[str, str] = {}
    same: dict[str, str] = {}
    for prefix, uris in namespaces.items():
        first, *others = [uris] if isinstance(uris, str) else uris
        prefixes[prefix] = first
        same.update(dict.fromkeys(others, first))
    return Names(ignore=False, prefixes=prefixes, same=same)
