"""The section `pim` of `erp2pim.yaml`: where the PIM is, and what opens it."""

import ipaddress
import shlex
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from erp2pim.address import address_of, spelled_once
from erp2pim.config.paths import beside
from erp2pim.config.yamlfile import Document
from erp2pim.errors import Fault
from erp2pim.mapping.shape import Flag, Shape, Text


@dataclass(frozen=True, slots=True)
class Connection:
    """What opens the PIM, its secrets at hand and masked in its repr."""

    url: str
    client_id: str
    secret: SecretStr
    username: str
    password: SecretStr


class PimSettings(Shape):
    """The connection, as the PIM shows it under Connect > Connection settings."""

    url: Text = Field(description="The PIM's address, such as https://pim.example.com.")
    client_id: Text = Field(description="The connection's client id.")
    secret: SecretStr | None = Field(default=None, description="The connection's secret.")
    secret_file: Text | None = Field(
        default=None, description="A file that holds the secret instead."
    )
    username: Text = Field(description="The connection's user name.")
    password: SecretStr | None = Field(default=None, description="The connection's password.")
    password_file: Text | None = Field(
        default=None, description="A file that holds the password instead."
    )
    allow_http: Flag = Field(
        default=False, description="Allow http:// to a host other than this machine."
    )


def connection_of(
    pim: PimSettings, path: Path, document: Document
) -> tuple[Connection, Sequence[Fault]]:
    """Give the connection that the section describes, and what is wrong with it.

    Args:
        pim: The section.
        path: The configuration; files of secrets are relative to it.
        document: What stands in it.
    """
    found = list(_address_faults(pim, document))
    secret = _secret_of(pim, "secret", path, document, found)
    password = _secret_of(pim, "password", path, document, found)
    return Connection(spelled_once(pim.url), pim.client_id, secret, pim.username, password), found


def _address_faults(pim: PimSettings, document: Document) -> Iterator[Fault]:
    """Give what is wrong with the PIM's address."""
    address = address_of(pim.url)
    if address is None or address.scheme not in {"http", "https"} or not address.hostname:
        yield document.fault(
            ("pim", "url"), "an address such as https://pim.example.com is expected"
        )
    elif address.username or address.password or address.query or address.fragment:
        yield document.fault(("pim", "url"), "the address must hold neither user nor query")
    elif address.scheme == "http" and not pim.allow_http and not _is_here(address.hostname):
        message = "http:// would send the password in the clear; use https:// or set allow_http"
        yield document.fault(("pim", "url"), message)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _secret_of(
    pim: PimSettings,
    name: Literal["secret", "password"],
    path: Path,
    document: Document,
    found: list[Fault],
) -> SecretStr:
    """Give the secret or the password, from its file where one is named; note what is wrong."""
    direct: SecretStr | None = getattr(pim, name)
    file: str | None = getattr(pim, f"{name}_file")
    if (direct is None) == (file is None):
        found.append(document.fault(("pim",), f"either {name} or {name}_file is expected"))
        return SecretStr("")
    text = direct.get_secret_value() if direct is not None else ""
    if file is not None:
        try:
            text = beside(path, file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            words = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            found.append(document.fault(("pim", f"{name}_file"), f"cannot be read: {words}"))
            return SecretStr("")
    if not text:
        found.append(document.fault(("pim", name), f"the {name} is empty"))
    return SecretStr(text)


def private_files(pim: PimSettings, path: Path, written: Iterable[str]) -> Iterator[Path]:
    """Give the files that hold secrets.

    Args:
        pim: The section.
        path: The configuration.
        written: What stands there for secret and password, without `${…}`.
    """
    if any(written):
        yield path
    for name in (pim.secret_file, pim.password_file):
        if name is not None:
            yield beside(path, name)


def exposed(private: Iterable[Path], state: Path) -> Iterator[tuple[str, str]]:
    """Give what every user of this machine can read and should not, each with what to do.

    Args:
        private: Files that hold secrets.
        state: The folder of the state; it holds what was sent.
    """
    for path in private:
        if _mode(path) & stat.S_IROTH:
            yield (
                f"{path} holds a secret, and everybody on this machine can read it",
                (f"chmod 600 {shlex.quote(str(path))}"),
            )
    kept = any(_mode(each) & stat.S_IROTH for each in state.glob("*.db"))
    if kept and _mode(state) & stat.S_IXOTH:
        yield (
            f"{state} holds product data, and everybody on this machine can read it",
            (f"chmod 700 {shlex.quote(str(state))}"),
        )


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0
