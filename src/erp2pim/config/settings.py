"""The file `erp2pim.yaml`: which PIM, which mapping, where the state lies."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from erp2pim.config.connection import (
    Connection,
    PimSettings,
    connection_of,
    private_files,
)
from erp2pim.config.media import MediaSettings
from erp2pim.config.paths import beside
from erp2pim.config.safety import GateSettings, GuardSettings
from erp2pim.config.shaped import faults
from erp2pim.config.textfile import read_text
from erp2pim.config.yamlfile import Document, Tree, parse
from erp2pim.errors import ConfigError, Fault
from erp2pim.mapping.shape import Shape, Text, Version, Whole

PLACES = ("erp2pim.yaml", "config/erp2pim.yaml", "/etc/erp2pim/erp2pim.yaml")

_VARIABLE = re.compile(r"\$\{(\w+)\}")


def _between(low: int, high: int) -> AfterValidator:
    def check(number: int) -> int:
        if not low <= number <= high:
            raise ValueError(f"{number} is not between {low} and {high}")
        return number

    return AfterValidator(check)


class SendSettings(Shape):
    """How fast and how stubbornly the PIM is asked."""

    batch_lines: Annotated[Whole, _between(1, 100)] = Field(
        default=100, description="Lines in one request; the PIM takes 100 at most."
    )
    workers: Annotated[Whole, _between(1, 4)] = Field(
        default=4, description="Requests at one time; the PIM wants 4 at most."
    )
    timeout_s: Annotated[Whole, _between(1, 3600)] = Field(
        default=60, description="Seconds to wait for an answer."
    )
    attempts: Annotated[Whole, _between(1, 20)] = Field(
        default=6, description="Tries before a request is given up."
    )
    give_up_after_s: Annotated[Whole, _between(1, 86400)] = Field(
        default=3600,
        description="Seconds that a run waits in all for a PIM that gives no useful answer.",
    )


class SettingsFile(Shape):
    """The file `erp2pim.yaml`."""

    version: Version = Field(description="The version of this file's form.")
    pim: PimSettings | None = Field(
        default=None, description="The connection; what asks no PIM works without."
    )
    mapping: Text = Field(description="The mapping, relative to this file.")
    state: Text = Field(description="A folder for the state, relative to this file.")
    send: SendSettings = Field(default=SendSettings())
    gate: GateSettings = Field(default=GateSettings())
    guards: GuardSettings = Field(default=GuardSettings())
    media: MediaSettings = Field(default=MediaSettings())


_SECTIONS: Mapping[str, type[Shape]] = {
    "pim": PimSettings,
    "send": SendSettings,
    "gate": GateSettings,
    "guards": GuardSettings,
    "media": MediaSettings,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration, checked.

    Attributes:
        path: The file it came from.
        pim: The connection; None where the file names no PIM.
        mapping: The mapping's file.
        naming: What names it: `file:line:column`, or a variable of the environment.
        state: The state's folder.
        send: How the PIM is asked.
        gate: Which exports are let in.
        guards: What a plan may do.
        media: Which files on the web are fetched.
        private: The files that hold secrets.
        fault: Gives a fault its place in the file.
    """

    path: Path
    pim: Connection | None
    mapping: Path
    naming: str
    state: Path
    send: SendSettings
    gate: GateSettings
    guards: GuardSettings
    media: MediaSettings
    private: Sequence[Path]
    fault: Callable[[Sequence[str | int], str], Fault] = field(repr=False)

    def connection(self) -> Connection:
        """Give the connection.

        Raises:
            ConfigError: The file names no PIM.
        """
        if self.pim is None:
            raise ConfigError(
                "the configuration names no PIM",
                where=str(self.path),
                fix="write the section `pim:` into it; erp2pim check EXPORT needs none",
            )
        return self.pim


def find(given: Path | None, environ: Mapping[str, str]) -> Path:
    """Give the configuration file: the one given, `$ERP2PIM_CONFIG`, or the first that is there.

    Raises:
        ConfigError: There is none.
    """
    named = given or (Path(environ["ERP2PIM_CONFIG"]) if environ.get("ERP2PIM_CONFIG") else None)
    if named is not None:
        return named
    for place in PLACES:
        if Path(place).is_file():
            return Path(place)
    raise ConfigError(
        f"there is no configuration; looked for {', '.join(PLACES)}",
        fix="name one with --config or in ERP2PIM_CONFIG",
    )


def load(path: Path, environ: Mapping[str, str], *, offline: bool = False) -> Settings:
    """Read and check a configuration.

    `ERP2PIM_` and a key's path, such as `ERP2PIM_SEND_WORKERS`, goes before what the file says.

    Args:
        path: The file.
        environ: The environment.
        offline: Whether the PIM is of no concern: nothing is asked of its section then.

    Raises:
        ConfigError: With every fault; a variable that is not set is one.
    """
    document = parse(read_text(path, "configuration"), file=str(path))
    unset: list[Fault] = []
    data = _overridden(document.data, environ)
    if offline and isinstance(data, dict):
        data = {name: said for name, said in data.items() if name != "pim"}
    filled = _filled(data, (), document, environ, unset)
    try:
        written = SettingsFile.model_validate(filled)
    except ValidationError as error:
        raise _wrong(path, unset, faults(document, error)) from None
    pim, found, private = _connected(written.pim, path, document)
    if unset or found:
        raise _wrong(path, unset, found)
    return Settings(
        path=path,
        pim=pim,
        mapping=beside(path, written.mapping),
        naming=_naming(document, environ),
        state=beside(path, written.state),
        send=written.send,
        gate=written.gate,
        guards=written.guards,
        media=written.media,
        private=private,
        fault=document.fault,
    )


def _naming(document: Document, environ: Mapping[str, str]) -> str:
    if "ERP2PIM_MAPPING" in environ:
        return "ERP2PIM_MAPPING"
    line, column = document.place(("mapping",))
    return f"{document.file}:{line}:{column}"


def _connected(
    pim: PimSettings | None, path: Path, document: Document
) -> tuple[Connection | None, Sequence[Fault], Sequence[Path]]:
    """Give the connection, what is wrong with it, and the files that hold its secrets."""
    if pim is None:
        return None, (), ()
    private = list(private_files(pim, path, _literals(document.data)))
    return *connection_of(pim, path, document), private


def _wrong(path: Path, unset: Sequence[Fault], others: Iterable[Fault]) -> ConfigError:
    """Tell all faults, but not what a variable that is not set makes of the text that it is in."""
    places = {(fault.line, fault.column) for fault in unset}
    more = (fault for fault in others if (fault.line, fault.column) not in places)
    return ConfigError(f"the configuration {path} is wrong", faults=[*unset, *more])


def mapping_path(path: Path, environ: Mapping[str, str]) -> Path:
    """Give the mapping that a configuration names, whatever else it says.

    Raises:
        ConfigError: It is no YAML, or names none.
    """
    document = parse(read_text(path, "configuration"), file=str(path))
    data = _overridden(document.data, environ)
    found: list[Fault] = []
    named = data.get("mapping", []) if isinstance(data, dict) else data
    filled = _filled(named, ("mapping",), document, environ, found)
    if not isinstance(filled, str):
        found.append(document.fault(("mapping",), "mapping: names no file"))
        filled = ""
    if found:
        raise ConfigError(f"the configuration {path} is wrong", faults=found)
    return beside(path, filled)


class _Given(str):
    """A text that the environment gives in a key's place, in which no variable is looked for."""

    __slots__ = ()


def _overridden(data: Tree, environ: Mapping[str, str]) -> Tree:
    if not isinstance(data, dict):
        return data
    result = dict(data)
    for name in SettingsFile.key_names():
        if (text := environ.get(f"ERP2PIM_{name.upper()}")) is not None:
            result[name] = _Given(text)
    for name, section in _SECTIONS.items():
        texts: dict[str, Tree] = {
            key: _Given(text)
            for key in section.key_names()
            if (text := environ.get(f"ERP2PIM_{name.upper()}_{key.upper()}")) is not None
        }
        before = result.get(name, {})
        if texts and isinstance(before, dict):
            kept = {key: told for key, told in before.items() if _twin(key) not in texts}
            result[name] = {**kept, **texts}
    return result


def _twin(key: str) -> str:
    """Give the key that says the same in another way: `secret` and `secret_file`."""
    return key.removesuffix("_file") if key.endswith("_file") else f"{key}_file"


def _literals(data: Tree) -> Iterator[str]:
    """Give what the file itself says of secret and password, without its variables."""
    section = data.get("pim") if isinstance(data, dict) else None
    for key in ("secret", "password"):
        text = section.get(key) if isinstance(section, dict) else None
        if isinstance(text, str):
            yield _VARIABLE.sub("", text)


def _filled(
    tree: Tree,
    loc: tuple[str | int, ...],
    document: Document,
    environ: Mapping[str, str],
    found: list[Fault],
) -> Tree:
    """Put the environment's texts in the place of `${NAME}`, everywhere in values."""
    if isinstance(tree, _Given):
        return str(tree)
    if isinstance(tree, dict):
        return {k: _filled(v, (*loc, k), document, environ, found) for k, v in tree.items()}
    if isinstance(tree, list):
        return [_filled(v, (*loc, i), document, environ, found) for i, v in enumerate(tree)]
    found.extend(
        document.fault(loc, f"the environment variable {name} is not set")
        for name in _VARIABLE.findall(tree)
        if name not in environ
    )
    return _VARIABLE.sub(lambda match: environ.get(match[1], ""), tree)
