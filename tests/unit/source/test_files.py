import errno
import gzip
import io
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import NoReturn

import pytest

from erp2pim.errors import ExportError, StateError
from erp2pim.source.files import ExportFile, open_export

XML = b"<E>" + b"<Row><Sku>1</Sku></Row>" * 1000 + b"</E>"


def read(name: str) -> bytes:
    """Read an export twice, in pieces, and give what both readings gave."""
    with open_export(name) as export:
        first = b"".join(iter(lambda: export.read(1000), b""))
        export.rewind()
        again = b"".join(iter(lambda: export.read(1000), b""))
    assert first == again
    return first


def zipped(path: Path, **members: bytes) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return str(path)


def test_a_plain_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "export.dat"
    path.write_bytes(XML)

    assert read(str(path)) == XML


@pytest.mark.parametrize("name", ["export.xml.gz", "EXPORT.GZ"])
def test_a_gz_is_unpacked(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(XML[:500]) + gzip.compress(XML[500:]))

    assert read(str(path)) == XML


@pytest.mark.parametrize("name", ["export.zip", "EXPORT.ZIP"])
def test_the_one_xml_in_a_zip_is_read(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / name, readme_txt=b"hello", data__Export_XML=XML)

    assert read(path) == XML


@pytest.mark.parametrize(
    ("members", "found"), [({"a_xml": XML, "b_xml": XML}, 2), ({"a_txt": XML}, 0)]
)
def test_a_zip_with_several_xmls_or_none_is_refused(
    tmp_path: Path, members: dict[str, bytes], found: int
) -> None:
    path = zipped(tmp_path / "export.zip", **members)

    with pytest.raises(ExportError) as refused:
        read(path)

    assert refused.value.what == f"the archive holds {found} XML files; one is expected"
    assert refused.value.where == path


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    raw = bytearray(Path(zipped(path, a_xml=XML)).read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)

    with pytest.raises(ExportError, match=r"a\.xml in the archive is encrypted"):
        read(str(path))


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.99])
@pytest.mark.parametrize("suffix", [".gz", ".zip"])
def test_an_archive_that_was_cut_short_is_refused(
    tmp_path: Path, suffix: str, share: float
) -> None:
    whole = tmp_path / f"whole{suffix}"
    if suffix == ".gz":
        whole.write_bytes(gzip.compress(XML))
    else:
        zipped(whole, a_xml=XML)
    raw = whole.read_bytes()
    path = tmp_path / f"export{suffix}"
    path.write_bytes(raw[: int(len(raw) * share)])

    with pytest.raises(ExportError, match="archive") as refused:
        read(str(path))

    assert refused.value.where == str(path)


@pytest.mark.parametrize("suffix", [".gz", ".zip"])
def test_an_archive_with_a_wrong_byte_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"export{suffix}"
    if suffix == ".gz":
        path.write_bytes(gzip.compress(XML))
    else:
        zipped(path, a_xml=XML)
    raw = bytearray(path.read_bytes())
    raw[70] ^= 0xFF
    path.write_bytes(raw)

    with pytest.raises(ExportError, match="archive"):
        read(str(path))


@pytest.mark.parametrize("suffix", [".gz", ".zip"])
def test_a_file_that_only_looks_like_an_archive_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"export{suffix}"
    path.write_bytes(XML)

    with pytest.raises(ExportError, match="archive"):
        read(str(path))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_may_be_packed_otherwise(tmp_path: Path, method: int) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.xml", XML)

    assert read(str(path)) == XML


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_wrong_byte_is_found_however_a_zip_is_packed(tmp_path: Path, method: int) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.xml", XML)
    raw = bytearray(path.read_bytes())
    raw[80] ^= 0xFF
    path.write_bytes(raw)

    with pytest.raises(ExportError):
        read(str(path))


def test_a_zip_packed_in_an_unknown_way_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    raw = bytearray(Path(zipped(path, a_xml=XML)).read_bytes())
    raw[8] = raw[raw.index(b"PK\x01\x02") + 10] = 99
    path.write_bytes(raw)

    with pytest.raises(ExportError, match="archive"):
        read(str(path))


def test_a_file_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    path = str(tmp_path / "export.xml")

    with pytest.raises(ExportError) as refused:
        read(path)

    assert refused.value.what == "the export cannot be opened: No such file or directory"
    assert refused.value.where == path
    assert refused.value.fix == "check the path, and that the ERP wrote it"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="Is a directory"):
        read(str(tmp_path))


class BadDisk(io.BytesIO):
    def read(self, _: int | None = -1) -> bytes:
        raise OSError(errno.EIO, "Input/output error")


def test_a_disk_that_gives_out_refuses_the_export() -> None:
    with pytest.raises(ExportError) as refused:
        ExportFile("export.xml", BadDisk()).read(10)

    assert refused.value.what == "the export cannot be read: Input/output error"
    assert refused.value.where == "export.xml"


def test_what_goes_wrong_with_a_record_is_not_the_archives_fault(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_bytes(XML)

    with pytest.raises(EOFError), open_export(str(path)):
        raise EOFError


def test_standard_input_that_finds_no_room_on_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: str) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)

    with pytest.raises(StateError) as told:
        read("-")

    assert told.value.what == "standard input cannot be kept on disk: No space left on device"
    assert "TMPDIR" in told.value.fix


def test_standard_input_can_be_read_as_often_as_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(XML)))

    assert read("-") == XML
