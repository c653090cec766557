import hashlib
import os
from pathlib import Path

import pytest

from erp2pim.errors import ExportError
from erp2pim.source.looks import digest, looks, unaccompanied

MD5 = hashlib.md5(b"<E/>", usedforsecurity=False).hexdigest()
SHA = hashlib.sha256(b"<E/>").hexdigest()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.xml"
    path.write_bytes(b"<E/>")
    return path


def test_two_looks_at_a_file_that_nobody_touches_are_equal(export: Path) -> None:
    assert looks([str(export)]) == looks([str(export)])


def test_a_file_that_grows_looks_otherwise(export: Path) -> None:
    before = looks([str(export)])

    with export.open("ab") as file:
        file.write(b" ")

    assert looks([str(export)]) != before


def test_so_does_a_file_of_equal_size_and_time_that_took_its_place(export: Path) -> None:
    before = looks([str(export)])
    times = export.stat().st_atime_ns, export.stat().st_mtime_ns
    other = export.with_name("other")
    other.write_bytes(b"<F/>")
    os.utime(other, ns=times)

    other.replace(export)

    assert looks([str(export)]) != before


def test_a_file_that_is_not_there_is_seen_as_none(tmp_path: Path) -> None:
    name = str(tmp_path / "export.xml")

    assert looks([name]) == {name: None}


def test_standard_input_is_not_looked_at() -> None:
    assert looks(["-"]) == {}


def test_a_pipe_is_refused_since_it_can_be_read_but_once() -> None:
    reading, writing = os.pipe()
    with (
        os.fdopen(reading, "rb"),
        os.fdopen(writing, "wb"),
        pytest.raises(ExportError, match="the export is a pipe or a device"),
    ):
        looks([f"/dev/fd/{reading}"])


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(ExportError, match="cannot be opened"):
        looks(["a\0b"])


def test_the_time_of_writing_is_told_as_text(export: Path) -> None:
    os.utime(export, ns=(0, 1_795_500_000_500_000_000))
    look = looks([str(export)])[str(export)]

    assert look is not None
    assert look.written == "2026-11-24T06:00:00.500000+00:00"


def test_digests_are_equal_for_equal_contents_of_equal_meaning_alone(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_bytes(b"12")
    b.write_bytes(b"3")
    whole = digest([str(a), str(b)], b"m")

    assert digest([str(a), str(b)], b"m") == whole
    assert digest([str(a), str(b)], b"n") != whole
    assert digest([str(b), str(a)], b"m") != whole
    a.write_bytes(b"1")
    b.write_bytes(b"23")
    assert digest([str(a), str(b)], b"m") != whole


@pytest.mark.parametrize("name", ["export.xml.ok", "export.ok"])
def test_a_companion_may_have_the_exports_name_with_or_without_its_suffix(
    export: Path, name: str
) -> None:
    export.with_name(name).touch()

    assert unaccompanied(str(export), ".ok") is None


def test_an_export_without_its_companion_is_refused(export: Path) -> None:
    export.with_name("other.ok").touch()

    verdict = unaccompanied(str(export), ".ok")

    assert verdict is not None
    assert verdict.what == "no export.xml.ok stands beside the export"
    assert verdict.where == str(export)


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".md5", MD5),
        (".md5", f"{MD5.upper()}  export.xml\r\n"),
        (".sha256", f"{SHA} *export.xml"),
        (".sha256", f"SHA256 (export.xml) = {SHA}"),
        (".sha256", f"{'0' * 64}  other.xml\n{SHA}  export.xml\n"),
        (".sha256", f"{'0' * 64}  old-export.xml\n{SHA}  ./export.xml\n"),
    ],
)
def test_a_checksum_that_fits_passes(export: Path, suffix: str, text: str) -> None:
    export.with_name(f"export.xml{suffix}").write_text(text, encoding="utf-8")

    assert unaccompanied(str(export), suffix) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0" * 64, f"says {'0' * 64}"),
        (f"{SHA}  export.xml.old\n{'0' * 64}  third.xml\n", "holds no checksum of it"),
        (MD5, "holds no checksum of it"),
        (SHA + "0", "holds no checksum of it"),
        ("", "holds no checksum of it"),
    ],
    ids=["another", "of other files", "of another kind", "too long", "empty"],
)
def test_a_checksum_that_does_not_fit_is_refused(export: Path, text: str, words: str) -> None:
    export.with_name("export.xml.sha256").write_text(text, encoding="utf-8")

    verdict = unaccompanied(str(export), ".sha256")

    assert verdict is not None
    assert verdict.what == (f"the export has the sha256 checksum {SHA}; export.xml.sha256 {words}")
