"""Rules of the house that no linter knows."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))

DRAWERS = {"base", "common", "core", "helper", "helpers", "manager", "service", "util", "utils"}
DOERS = re.compile(r"(Manager|Handler|Processor|Helper|Service|Factory)$")
REGISTRIES = re.compile(r"\b(?:pypi|pythonhosted|npmjs|debian)[.][a-z]{3}\b")
PLACES = re.compile(r"(?<![\w.])/(?:work|root|farm)/[a-z]")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def tracked() -> dict[str, str]:
    if not (ROOT / ".git").exists():
        pytest.skip("asks git which files belong to the project, and this is no clone")
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607  # wherever git is
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [ROOT / file for file in listed.stdout.split("\0") if file]
    return {name(path): text for path in paths if path.is_file() for text in as_text(path)}


def as_text(path: Path) -> Iterator[str]:
    try:
        yield path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return


def test_no_module_is_a_drawer_for_anything() -> None:
    modules = [*SOURCES, *(ROOT / "tests").rglob("*.py")]

    drawers = [name(path) for path in modules if DRAWERS & {path.stem, path.parent.name}]

    assert drawers == []


def test_no_class_is_named_for_doing() -> None:
    doers = [
        f"{name(path)}: {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and DOERS.search(node.name)
    ]

    assert doers == []


def test_a_module_has_at_most_300_lines() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}

    assert {path: lines for path, lines in lengths.items() if lines > 300} == {}


def test_no_file_names_a_package_registry(tracked: dict[str, str]) -> None:
    assert [file for file, text in tracked.items() if REGISTRIES.search(text)] == []


def test_no_file_names_a_place_on_one_machine(tracked: dict[str, str]) -> None:
    assert [file for file, text in tracked.items() if PLACES.search(text)] == []
