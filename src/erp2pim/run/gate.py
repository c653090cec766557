"""Exports at the gate: before they are read, when one was read, when all were."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from erp2pim.errors import ExportError
from erp2pim.mapping.recordpath import RecordPath, record_path
from erp2pim.model import Taken
from erp2pim.run.values import Result, Rooms
from erp2pim.source.files import STDIN, ExportFile
from erp2pim.source.gate import (
    MTIME,
    miscounted,
    moment,
    outdated,
    outside,
    touched,
    undated,
    unsettled,
)
from erp2pim.source.looks import Look, digest, looks, unaccompanied
from erp2pim.source.prior import beside
from erp2pim.source.reader import events
from erp2pim.source.records import header_values
from erp2pim.source.strays import around, astray, strays


class Visit:
    """The exports of one run at the gate."""

    def __init__(self, exports: Sequence[str], rooms: Rooms, result: Result) -> None:
        """Begin before anything was looked at.

        Args:
            exports: The exports.
            rooms: What the run joins.
            result: Where it is noted what is taken, and what is worth a look.
        """
        self._exports = exports
        self._rooms = rooms
        self._result = result
        self._seen: Mapping[str, Look | None] = {}
        self._written: list[str] = []

    def enter(self) -> bool:
        """Look at the exports; say whether there is anything to do, which warnings explain.

        Raises:
            ExportError: One must not be read.
            Interrupted: A signal came while it was waited for files to settle.
        """
        gate = self._rooms.gate
        self._seen = looks(self._files())
        if not self._is_there():
            return False
        if gate.settle_s:
            self._rooms.stop.event.wait(gate.settle_s)
            self._rooms.stop.check()
            _refuse(unsettled(self._seen, looks(self._seen)))
        for name in self._exports:
            if gate.companion is not None:
                _refuse(unaccompanied(name, gate.companion))
        self._result.taken = Taken(run=0, digest=self._digest(), written=None)
        return not self._is_done_with()

    def read(self, name: str, export: ExportFile, records: int) -> None:
        """Hold what was read of one export against what it says itself.

        Args:
            name: Its name as the user gave it.
            export: Its bytes.
            records: How many records were read.

        Raises:
            ExportError: It differs, or there are no records although there should be some.
        """
        gate = self._rooms.gate
        if gate.written is not None:
            text, path = self._time_of(name, export, gate.written)
            _refuse(undated(text, name=export.name, path=path))
            self._written.append(text or "")
        if gate.declared is not None:
            declared = self._header(export, gate.declared)
            path = gate.declared.text
            _refuse(miscounted(records, declared, name=export.name, path=path))
        if records == 0:
            _refuse(self._empty(export))

    def leave(self) -> None:
        """Hold exports that were read whole against what they were, and against earlier ones.

        Raises:
            ExportError: One changed meanwhile, is older than the last, or of an unusual size.
        """
        gate, earlier = self._rooms.gate, self._rooms.earlier
        names = ", ".join(self._exports)
        _refuse(touched(self._seen, looks(self._seen)))
        if self._written and self._result.taken is not None:
            written = max(self._written, key=lambda text: moment(text) or ("", 0))
            self._judge(outdated(written, earlier.last, name=names))
            self._result.taken = replace(self._result.taken, written=written)
        if gate.band is not None:
            self._judge(outside(self._result.ledger.read, earlier.reads, gate.band, name=names))

    def _files(self) -> Iterator[str]:
        """Give the exports, and all others that the mapping reads beside them."""
        yield from self._exports
        mapping = self._rooms.mapping
        named = [table.export for table in mapping.tables.values()]
        named += [join.export for join in mapping.joins.values()]
        names = [name for name in named if name is not None]
        for main in self._exports:
            yield from map(beside(main, self._rooms.others), names)

    def _is_there(self) -> bool:
        exports = self._exports
        missing = [name for name in exports if name != STDIN and self._seen[name] is None]
        if len(missing) == len(exports) and self._rooms.gate.missing == "nothing":
            self._result.warnings.append(
                f"{', '.join(missing)}: there is no export; nothing is to be done"
            )
            return False
        for name in missing:
            raise ExportError(
                "the export cannot be opened: No such file or directory",
                where=name,
                fix="check the path, and that the ERP wrote it",
            )
        return True

    def _digest(self) -> bytes | None:
        if self._rooms.gate.repeated == "read" or STDIN in self._exports:
            return None
        there = [name for name, look in self._seen.items() if look is not None]
        return digest(there, self._rooms.mapping.digest)

    def _is_done_with(self) -> bool:
        """Say whether the last run was done with these very exports and this mapping."""
        taken, last = self._result.taken, self._rooms.earlier.last
        if taken is None or last is None or not last.done or self._rooms.force:
            return False
        if taken.digest is None or taken.digest != last.digest:
            return False
        self._result.taken = None
        self._result.warnings.append(
            f"{', '.join(self._exports)}: run {last.run} was done with the same; nothing is sent"
        )
        return True

    def _time_of(
        self, name: str, export: ExportFile, path: RecordPath | str
    ) -> tuple[str | None, str]:
        if not isinstance(path, str):
            return self._header(export, path), path.text
        look = self._seen.get(name)
        return None if look is None else look.written, MTIME

    def _empty(self, export: ExportFile) -> ExportError | None:
        if (verdict := self._astray(export)) or self._rooms.gate.empty == "nothing":
            return verdict
        paths = [records.path for records in self._rooms.mapping.records]
        wanted = " or ".join(path.text for path in paths)
        if self._rooms.gate.empty == "refuse":
            return ExportError(
                f"no record stands at {wanted}",
                where=export.name,
                fix="have the ERP write it again; gate.empty says that there must be records",
            )
        parents = list(dict.fromkeys(around(path) for path in paths))
        if any(parent is None or self._stands(export, parent) for parent in parents):
            return None
        return ExportError(
            f"no record stands at {wanted}, and nothing at {' or '.join(map(str, parents))}",
            where=export.name,
            fix="check source.record in the mapping, or have the ERP write it again; with"
            " `gate: {empty: nothing}` it passes as an export without records",
        )

    def _astray(self, export: ExportFile) -> ExportError | None:
        """Refuse records of another name; what stands there once may be a head, if so said."""
        gate, mapping = self._rooms.gate, self._rooms.mapping
        known = [*mapping.header.values()]
        known += [path for path in (gate.declared, gate.written) if isinstance(path, RecordPath)]
        known += [table.path for table in mapping.tables.values() if table.export is None]
        known += [join.path for join in mapping.joins.values() if join.export is None]
        paths = [records.path for records in mapping.records]
        found = strays(export, paths, known, mapping.reader)
        if gate.empty == "nothing" and max(found.values(), default=0) == 1:
            return None
        return astray(found, paths, name=export.name)

    def _stands(self, export: ExportFile, path: str) -> bool:
        reader = self._rooms.mapping.reader
        wanted = record_path(path, reader.names)
        return any(wanted.stands(element) for _, element in events(export, [wanted], reader))

    def _header(self, export: ExportFile, path: RecordPath) -> str | None:
        mapping = replace(self._rooms.mapping, header={"": path})
        found = header_values(export, mapping)[""]
        return found if isinstance(found, str) else None

    def _judge(self, verdict: ExportError | None) -> None:
        """Refuse what is only unlike earlier exports, unless somebody says that it is right."""
        if verdict is None or not self._rooms.force:
            _refuse(verdict)
        else:
            self._result.warnings.append(
                f"{verdict.where}: taken all the same, by --force: {verdict.what}"
            )


def _refuse(verdict: ExportError | None) -> None:
    if verdict is not None:
        raise verdict
