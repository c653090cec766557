"""Nights behind a proxy that hates what passes, and runs that are killed: the end is that of peace.

`HOSTILE=10000:100` makes so many products and so many kills of it, for which the gate has no time;
`--log-cli-level=INFO` tells what was met.
"""

import json
import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from erp2pim import sandbox
from erp2pim.pim import Credentials, Pim
from tests.support.desk import Desk
from tests.support.hostile import Hostile, hostile
from tests.support.nights import MAPPING, NIGHTS, export, is_wrong

LOG = logging.getLogger(__name__)
PRODUCTS, KILLS = map(int, os.environ.get("HOSTILE", "160:8").split(":"))
SHARE = 0.25
SEED = 20261124
LEFT_ALONE = 2  # a night that is not made up for: the next one's export comes first
MOST_RUNS = 100


@contextmanager
def pim(folder: Path) -> Generator[str]:
    """Serve a sandbox in a process of its own; give its address."""
    command = [sys.executable, "-m", "erp2pim", "sandbox", "--database", str(folder / "pim.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().partition("=")[2].strip()
        finally:
            process.terminate()


@dataclass
class Office:
    """A desk from which the nights' exports are sent, and what came of the runs.

    Attributes:
        desk: The desk.
        codes: How often a run ended so.
        kills: How often each signal met a run that was still there.
    """

    desk: Desk
    codes: Counter[int] = field(default_factory=Counter[int])
    kills: Counter[str] = field(default_factory=Counter[str])

    def __post_init__(self) -> None:
        self.desk.configure(batch_lines=5, workers=4, timeout_s=1)
        self.desk.mapping.write_text(MAPPING, encoding="utf-8")

    def export(self, night: int) -> None:
        """Lay a night's export on the desk."""
        self._name = export(self.desk.folder, night, products=PRODUCTS)

    def start(self) -> "subprocess.Popen[str]":
        """Start a run."""
        return self.desk.start("sync", "--json", self._name)

    def kill(self, process: "subprocess.Popen[str]", kill: signal.Signals) -> int:
        """End a run by a signal, unless it has ended itself."""
        if process.poll() is None:
            self.kills[kill.name] += 1
            process.send_signal(kill)
        return self.end(process)

    def end(self, process: "subprocess.Popen[str]") -> int:
        """Wait for the end of a run; hold what it says against itself."""
        out, err = process.communicate(timeout=900)
        self.codes[process.returncode] += 1
        assert "Traceback" not in err, err
        assert process.returncode in {0, 1, 4, 143, -signal.SIGKILL, -signal.SIGTERM}, err
        if process.returncode >= 0:
            audit(json.loads(out), process.returncode)
        return process.returncode


def audit(told: Mapping[str, Any], code: int) -> None:
    """Hold the books of one run against each other, and against its exit code."""
    came = told["read"] - told["skipped"] + told["extra"] - told["merged"]
    went = sum(told[n] for n in ("unchanged", "created", "updated", "rejected", "not_sent"))
    assert came == told["items"] == went, told
    assert told["exit_code"] == code
    assert ("error" in told) == (code not in {0, 1}), told
    if code in {0, 1}:
        assert told["not_sent"] == 0, told
        assert bool(told["rejected"]) == (code == 1), told
    names = [each["identifier"] for each in told["rejects"]]
    assert len(set(names)) == len(names) == told["rejected"], names
    assert [each for each in told["rejects"] if not is_wrong(each["identifier"])] == []


def lead(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Let the configuration name the PIM at an address."""
    monkeypatch.setenv("ERP2PIM_PIM_URL", url)
    for name in ("CLIENT_ID", "SECRET", "USERNAME", "PASSWORD"):
        monkeypatch.setenv(f"ERP2PIM_{name}", getattr(sandbox, name))


def client(url: str) -> Pim:
    credentials = Credentials(sandbox.CLIENT_ID, sandbox.SECRET, sandbox.USERNAME, sandbox.PASSWORD)
    return Pim(url, credentials, stop=threading.Event())


def token(url: str) -> str:
    login = {"username": sandbox.USERNAME, "password": sandbox.PASSWORD}
    answer = requests.post(
        f"{url}/api/oauth/v1/token",
        json={"grant_type": "password", **login},
        auth=(sandbox.CLIENT_ID, sandbox.SECRET),
        timeout=60,
    )
    return str(answer.json()["access_token"])


def listed(pim: Pim, path: str, params: Mapping[str, str] | None = None) -> Iterator[Any]:
    """Read a list to its end."""
    params = {"limit": "100", **(params or {})}
    while params:
        page: Any = pim.get(f"/api/rest/v1/{path}", params)
        yield from page["_embedded"]["items"]
        after = page["_links"].get("next", {"href": ""})["href"]
        params = dict(parse_qsl(urlsplit(after).query))


def held(url: str) -> dict[str, Any]:
    """Read back all that a PIM holds, without what tells when and under which number."""
    pim, session = client(url), requests.Session()
    session.headers["Authorization"] = f"Bearer {token(url)}"
    found: dict[str, Any] = {}
    for resource in ("products", "product-models"):
        for each in listed(pim, resource, {"pagination_type": "search_after"}):
            name = each.get("identifier") or each["code"]
            dropped = {"_links", "uuid", "created", "updated"}
            found[f"{resource} {name}"] = {k: v for k, v in each.items() if k not in dropped}
            for cell in each["values"].get("picture", ()):
                content = session.get(cell.pop("_links")["download"]["href"]).content
                cell["data"] = cell["data"].rpartition("_")[2], content
    for option in listed(pim, "attributes/color/options"):
        found[f"option {option['code']}"] = option["labels"]
    return found


def files(url: str) -> int:
    """Count the files that a PIM holds, in whatever cell or in none."""
    return sum(1 for _ in listed(client(url), "media-files"))


def wait_for_a_moment(
    process: "subprocess.Popen[str]", proxy: Hostile, draw: random.Random
) -> None:
    """Wait for any moment, be it of reading or of sending."""
    if draw.random() < 0.3:
        time.sleep(draw.uniform(0, 3))
        return
    enough = proxy.met.total() + draw.randint(1, 60)
    while process.poll() is None and proxy.met.total() < enough:
        time.sleep(0.01)
    time.sleep(draw.uniform(0, 0.1))


def disturbed(office: Office, proxy: Hostile, draw: random.Random) -> None:
    """Let the nights pass, each with its kills, and each but one until a run is done."""
    for night in range(1, NIGHTS + 1):
        office.export(night)
        wanted = office.kills.total() + KILLS // NIGHTS
        code = 4
        while code not in {0, 1} and office.kills.total() < wanted:
            process = office.start()
            wait_for_a_moment(process, proxy, draw)
            code = office.kill(process, draw.choice([signal.SIGKILL, signal.SIGTERM]))
        runs = 0
        while night != LEFT_ALONE and office.end(office.start()) not in {0, 1}:
            runs += 1
            assert runs < MOST_RUNS
        LOG.info("night %s: %s, %s", night, dict(office.codes), dict(office.kills))
    faults = proxy.met.total() - proxy.met["none"]
    LOG.info("%s of %s requests met %s", faults, proxy.met.total(), proxy.met)


@pytest.mark.slow
def test_nights_of_faults_and_kills_come_to_the_end_that_quiet_ones_come_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = tmp_path / "quiet", tmp_path / "hostile"
    for folder in folders:
        folder.mkdir()
    quiet, office = (Office(Desk(folder, capsys)) for folder in folders)
    with pim(folders[0]) as url:
        lead(monkeypatch, url)
        for night in range(1, NIGHTS + 1):
            quiet.export(night)
            quiet.end(quiet.start())
        expected, uploaded = held(url), files(url)
    draw = random.Random(SEED)  # noqa: S311  # no secret
    with pim(folders[1]) as url, hostile(url, seed=SEED, share=SHARE) as proxy:
        lead(monkeypatch, proxy.url)
        disturbed(office, proxy, draw)

        assert held(url) == expected
        assert proxy.strayed == []
        LOG.info("%s files were uploaded, %s in peace", files(url), uploaded)
        proxy.share = 0
        process = office.start()
        told = json.loads(process.communicate()[0])
        audit(told, process.returncode)
        assert told["patch_requests"] == 0
