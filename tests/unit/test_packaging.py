"""What is locked, and what a wheel holds."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "erp2pim"
PIN = re.compile(r"^([a-z0-9-]+)==([^ ]+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


def direct(groups: set[str]) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    listed = [
        *project["project"]["dependencies"],
        *(text for extra in extras for text in extra),
        *(text for group in groups for text in project["dependency-groups"][group]),
    ]
    return [Requirement(text) for text in listed if isinstance(text, str)]


@pytest.mark.parametrize(
    ("lock", "groups"),
    [
        ("constraints.txt", {"build", "test"}),
        ("constraints-dev.txt", {"build", "dev", "lint", "test", "types"}),
    ],
    ids=["for people who run it", "for people who change it"],
)
def test_the_lock_pins_what_pyproject_asks_for(lock: str, groups: set[str]) -> None:
    pinned = pins(lock)

    missing = [
        str(wanted)
        for wanted in direct(groups)
        if not wanted.specifier.contains(pinned.get(wanted.name.lower(), "0"))
    ]

    assert missing == []


def test_both_locks_pin_the_same_versions() -> None:
    assert pins("constraints.txt").items() <= pins("constraints-dev.txt").items()


@pytest.mark.parametrize("lock", ["constraints.txt", "constraints-dev.txt"])
def test_a_lock_says_what_but_not_from_where(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert [line for line in text.splitlines() if "://" in line or line.startswith("-")] == []


def test_a_wheel_holds_the_whole_package_and_nothing_else(tmp_path: Path) -> None:
    sources = [
        str(path.relative_to(PACKAGE.parent))
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    ]

    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )

    [wheel] = tmp_path.glob("*.whl")
    names = ZipFile(wheel).namelist()
    assert sorted(n for n in names if ".dist-info/" not in n) == sorted(sources)
