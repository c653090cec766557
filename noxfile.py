"""The gates: `nox` runs them all, `nox -s lint` one of them."""

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["lint", "types", "wheel", "lowest", "tests"]
nox.options.stop_on_first_error = False

PYTHONS = ["3.11", "3.12", "3.13"]
PYENV = shutil.which("pyenv")

os.environ["UV_PYTHON_DOWNLOADS"] = "never"  # an interpreter that is not there is skipped
os.environ["UV_SYSTEM_CERTS"] = "1"  # as pip does: a workplace may have a certificate of its own
if PYENV:
    # pyenv's shims start only the versions that are selected: its versions go in front of them.
    versions = [Path(PYENV).parents[1].glob(f"versions/{version}.*/bin") for version in PYTHONS]
    folders = [str(folder) for version in versions for folder in version]
    os.environ["PATH"] = os.pathsep.join([*folders, os.environ["PATH"]])


def _install_locked(session: nox.Session, lock: str) -> None:
    session.install("--require-hashes", "-r", lock)
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")


@nox.session
def lint(session: nox.Session) -> None:
    """Style, the walls between the rooms, unused and undeclared dependencies, dead code."""
    _install_locked(session, "constraints-dev.txt")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports", "--no-cache")
    session.run("deptry", "src")
    session.run("vulture")


@nox.session
def types(session: nox.Session) -> None:
    """Check all code with mypy, and the program with pyright too."""
    _install_locked(session, "constraints-dev.txt")
    session.run("mypy")
    session.run("pyright", "--pythonpath", f"{session.bin}/python")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests on each Python that is installed, and ask for their coverage."""
    _install_locked(session, "constraints.txt")
    session.env["COVERAGE_FILE"] = str(Path(session.create_tmp()).resolve() / "coverage")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", "-n", "auto", "-m", "", *session.posargs)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest versions that pyproject.toml allows."""
    groups = ("--group=build", "--group=test")
    session.install("--resolution=lowest-direct", *groups, "--editable", ".[sandbox]")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the wheel and start the program from it, with nothing else installed."""
    built = Path(session.create_tmp()).resolve()
    session.run("uv", "build", "--quiet", "--wheel", "--clear", "--out-dir", str(built))
    session.install("--constraint", "constraints.txt", *(str(path) for path in built.glob("*.whl")))
    session.chdir(built)
    session.run("erp2pim", "--version")
    session.run("erp2pim", "--help")


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Pin versions and hashes; `nox -s lock -- --upgrade` moves them to the newest."""
    for file, group in (("constraints.txt", "test"), ("constraints-dev.txt", "dev")):
        session.run(
            *("uv", "pip", "compile", "pyproject.toml", "--output-file", file),
            *("--extra", "sandbox", "--group", "build", "--group", group),
            *("--universal", "--python-version", PYTHONS[0], "--generate-hashes"),
            *("--no-header", "--no-annotate", "--quiet", *session.posargs),
            *(("--constraint", "constraints.txt") if group == "dev" else ()),
        )
