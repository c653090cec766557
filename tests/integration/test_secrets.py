"""A secret is seen nowhere: not in output, not in the state, not in a log."""

import base64
import os
import shlex
import tempfile
import threading
from pathlib import Path

import pytest

from erp2pim import sandbox
from erp2pim.config.settings import load
from erp2pim.pim import Credentials, Pim
from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, connect, item, listing
from tests.support.fakepim import CREDENTIALS, fake_pim

SECRET, PASSWORD = "wrong-53cr3t-of-a-connection", "wrong-p455w0rd-of-a-user"


def marks(secret: str, password: str) -> list[bytes]:
    """Give what must be seen nowhere: the secrets, plain and as the token request sends them."""
    login = base64.b64encode(f"{sandbox.CLIENT_ID}:{secret}".encode())
    return [secret.encode(), password.encode(), login]


def seen(desk: Desk, said: str, secrets: list[bytes]) -> list[bytes]:
    """Give the secrets that stand in output or in any file but the configuration."""
    kept = b"".join(raw for name, raw in listing(desk.folder).items() if name != desk.config.name)
    return [secret for secret in secrets if secret in said.encode() + kept]


def say_everything(desk: Desk, name: str) -> str:
    """Run every command that reads the configuration, and give all that they said."""
    told = [
        desk.run("check", "--online"),
        desk.run("diff", name),
        desk.run("sync", name),
        desk.run("sync", "--json", name),
        desk.run("runs"),
        desk.run("runs", "1"),
    ]
    return "".join(each.out + each.err for each in told)


def test_good_secrets_are_seen_nowhere(desk: Desk, pim: Sandbox) -> None:
    pim.refuse["A2"] = "it is ugly"

    said = say_everything(desk, desk.export([item("A1"), item("A2"), item("A3", Pieces="x")]))

    assert list(pim.products) == ["A1"]
    assert seen(desk, said, marks(sandbox.SECRET, sandbox.PASSWORD)) == []


def test_tokens_are_seen_nowhere(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with fake_pim() as pim:
        connect(monkeypatch, pim, CREDENTIALS)
        said = say_everything(desk, desk.export([item("A1")]))

    assert list(pim.products) == ["A1"]
    secrets = [*pim.tokens, *pim.refresh_tokens, CREDENTIALS.secret, CREDENTIALS.password]
    assert len(secrets) >= 4
    assert seen(desk, said, [secret.encode() for secret in secrets]) == []


def test_refused_secrets_are_seen_nowhere(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP2PIM_SECRET", SECRET)
    monkeypatch.setenv("ERP2PIM_PASSWORD", PASSWORD)

    said = say_everything(desk, desk.export([item("A1")]))

    assert "refuses the credentials" in said
    assert seen(desk, said, marks(SECRET, PASSWORD)) == []


def test_secrets_in_files_are_seen_nowhere(desk: Desk, pim: Sandbox) -> None:
    text = desk.config.read_text(encoding="utf-8")
    for name, secret in (("secret", sandbox.SECRET), ("password", sandbox.PASSWORD)):
        (desk.folder / f"{name}.txt").write_text(f"{secret}\n", encoding="utf-8")
        text = text.replace(f"{name}: ${{ERP2PIM_{name.upper()}}}", f"{name}_file: {name}.txt")
    desk.config.write_text(text, encoding="utf-8")

    said = say_everything(desk, desk.export([item("A1")]))

    assert list(pim.products) == ["A1"]
    for name in ("secret", "password"):
        (desk.folder / f"{name}.txt").unlink()
    assert seen(desk, said, marks(sandbox.SECRET, sandbox.PASSWORD)) == []


def test_secrets_in_a_configuration_with_faults_are_not_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ERP2PIM_PIM_URL")
    text = desk.config.read_text(encoding="utf-8").replace("${ERP2PIM_SECRET}", f"[{SECRET}]")
    text = text.replace("${ERP2PIM_PASSWORD}", PASSWORD).replace("username:", "user_name:")
    desk.config.write_text(text, encoding="utf-8")

    told = desk.run("check")

    assert told.code == 2
    assert seen(desk, told.out + told.err, [SECRET.encode(), PASSWORD.encode()]) == []


def test_secrets_are_not_in_the_log_of_a_bug(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(logs))

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("erp2pim.pim.client.Pim.upsert", broken)

    told = desk.run("sync", desk.export([item("A1")]))

    assert told.code == 70
    assert len(list(logs.glob("erp2pim-bug-*.log"))) == 1
    secrets = marks(sandbox.SECRET, sandbox.PASSWORD)
    assert seen(desk, told.out + told.err, secrets) == []


def test_secrets_are_masked_in_what_is_printed_of_our_values(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERP2PIM_SECRET", SECRET)
    monkeypatch.setenv("ERP2PIM_PASSWORD", PASSWORD)
    settings = load(desk.config, os.environ)
    credentials = Credentials("id", SECRET, "name", PASSWORD)
    pim = Pim("http://127.0.0.1:9", credentials, stop=threading.Event())

    shown = f"{settings!r} {settings} {credentials!r} {pim!r} {vars(pim)}"

    assert seen(desk, shown, marks(SECRET, PASSWORD)) == []


def written(desk: Desk, secret: str, mode: int) -> None:
    """Let the configuration hold or name a secret; other users may read its files by `mode`."""
    file = desk.folder / "the secret"
    file.write_text(sandbox.SECRET, encoding="utf-8")
    text = desk.config.read_text(encoding="utf-8")
    desk.config.write_text(text.replace("secret: ${ERP2PIM_SECRET}", secret), encoding="utf-8")
    for path in (file, desk.config):
        path.chmod(mode)


@pytest.mark.parametrize(
    ("secret", "name"),
    [(f"secret: {sandbox.SECRET}", "erp2pim.yaml"), ("secret_file: the secret", "the secret")],
    ids=["configuration", "file of its own"],
)
def test_a_secret_that_everybody_can_read_is_warned_of_once(
    desk: Desk, secret: str, name: str
) -> None:
    written(desk, secret, 0o644)

    told = desk.run("sync", "--quiet", desk.export([item("A1")]))

    path = desk.folder / name
    assert told.code == 0
    assert told.err.splitlines() == [
        f"warning: {path} holds a secret, and everybody on this machine can read it",
        f"  fix: chmod 600 {shlex.quote(str(path))}",
    ]


@pytest.mark.parametrize(
    ("secret", "mode"),
    [
        (f"secret: {sandbox.SECRET}", 0o640),
        ("secret_file: the secret", 0o640),
        ("secret: ${ERP2PIM_SECRET}", 0o644),
    ],
    ids=["configuration", "file of its own", "environment"],
)
def test_what_the_owner_and_his_group_can_read_is_not_warned_of(
    desk: Desk, secret: str, mode: int
) -> None:
    written(desk, secret, mode)

    told = desk.run("sync", "--quiet", desk.export([item("A1")]))

    assert (told.code, told.err) == (0, "")


def test_a_state_that_everybody_can_read_is_warned_of(desk: Desk) -> None:
    name = desk.export([item("A1")])
    desk.sync(name)
    (desk.state / "state.db").chmod(0o644)
    assert desk.run("runs").err == ""
    desk.state.chmod(0o755)

    assert desk.run("runs").err.splitlines() == [
        f"warning: {desk.state} holds product data, and everybody on this machine can read it",
        f"  fix: chmod 700 {desk.state}",
    ]
