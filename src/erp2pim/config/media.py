"""The section `media` of `erp2pim.yaml`: which files on the web are fetched."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from erp2pim.mapping.shape import Flag, Shape, Text
from erp2pim.source.web import Web


def _listed(value: object) -> object:
    """Take a text of several names apart, as the environment gives it."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _host(text: str) -> str:
    name = text.removeprefix("*.")
    if not name or set(name) & set("/*@?# ") or name != name.lower():
        raise ValueError(f"{text!r} is no host such as img.example.com or *.example.com")
    return text


class MediaSettings(Shape):
    """Which files on the web are fetched; without hosts, none is."""

    hosts: Annotated[list[Annotated[Text, AfterValidator(_host)]], BeforeValidator(_listed)] = (
        Field(
            default=[],
            description="Hosts that files of images and files are fetched from: img.example.com, "
            "*.example.com for all below it, img.example.com:8443 for another port.",
        )
    )
    allow_http: Flag = Field(default=False, description="Fetch from http:// addresses, too.")
    allow_private: Flag = Field(
        default=False,
        description="Fetch from hosts on this machine and in private networks, too.",
    )

    def web(self) -> Web:
        """Give what of the web may be fetched."""
        return Web(self.hosts, allow_http=self.allow_http, allow_private=self.allow_private)
