"""Exports are read without any other file that they may name."""

from lxml import etree

from erp2pim.errors import ExportError


class NoOtherFile(etree.Resolver):
    """Refuses the files that a parser would read for an export.

    Before 6.1.3, lxml reads parameter entities from disk though it is told to load no DTD.
    """

    def __init__(self, export: str) -> None:
        """Take the export's name, for the message."""
        self._export = export

    def resolve(self, system_url: str | None, public_id: str | None, _: object, /) -> None:
        """Refuse a file.

        Raises:
            ExportError: Whatever it is.
        """
        raise ExportError(
            f"the export's DOCTYPE asks for another file: {system_url or public_id}",
            where=self._export,
            fix="have the ERP write it without entities from elsewhere",
        )
