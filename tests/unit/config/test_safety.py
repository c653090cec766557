from decimal import Decimal
from pathlib import Path

import pytest

from erp2pim.config.safety import gate_of
from erp2pim.config.settings import Settings, load
from erp2pim.errors import ConfigError
from erp2pim.mapping.names import names
from erp2pim.plan.guards import Guards, Limit
from erp2pim.source.gate import Gate
from erp2pim.source.web import Web

BASE = """\
version: 1
pim: {url: "https://pim.example.com", client_id: a, secret: b, username: c, password: d}
mapping: mapping.yaml
state: state
"""
PREFIXES = names({"e": "urn:erp"})


def loaded(folder: Path, text: str = "", **environ: str) -> Settings:
    path = folder / "erp2pim.yaml"
    path.write_text(BASE + text, encoding="utf-8")
    return load(path, environ)


def gate(settings: Settings) -> Gate:
    return gate_of(settings.gate, PREFIXES, fault=settings.fault)


def told(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        gate(loaded(folder, text))
    return [f"{fault.line}:{fault.column}: {fault.message}" for fault in raised.value.faults]


def test_nothing_is_asked_and_nothing_is_limited_where_nothing_is_said(tmp_path: Path) -> None:
    settings = loaded(tmp_path)

    assert gate(settings) == Gate()
    assert settings.guards.guards() == Guards()


def test_a_gate_is_what_its_section_says(tmp_path: Path) -> None:
    found = gate(
        loaded(
            tmp_path,
            """\
gate:
  settle_s: 1.5
  companion: .sha256
  declared: /e:Export/e:Head/@count
  band: 0.5..2
  written: mtime
  repeated: nothing
  missing: nothing
  empty: refuse
""",
        )
    )

    assert found.declared is not None
    assert found.declared.attribute == "count"
    assert (found.settle_s, found.companion, found.written) == (1.5, ".sha256", "mtime")
    assert found.band == (Decimal("0.5"), Decimal(2))
    assert (found.repeated, found.missing, found.empty) == ("nothing", "nothing", "refuse")


def test_guards_are_what_their_section_says(tmp_path: Path) -> None:
    text = "guards: {changed_percent: 30, changed_items: 500, cleared_items: 0, min_items: 5}\n"

    assert loaded(tmp_path, text).guards.guards() == Guards(
        {"changed": Limit(Decimal(30), 500), "cleared": Limit(None, 0)}, 5
    )


@pytest.mark.parametrize("percent", [0, 100])
def test_a_share_may_be_none_or_all(tmp_path: Path, percent: int) -> None:
    found = loaded(tmp_path, f"guards: {{changed_percent: {percent}}}\n").guards.guards()

    assert found.limits == {"changed": Limit(Decimal(percent), None)}


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path,
        "gate: {band: 0.5..2}\nguards: {changed_items: 1}\n",
        ERP2PIM_GATE_BAND="0..9",
        ERP2PIM_GUARDS_CHANGED_ITEMS="7",
    )

    assert gate(settings).band == (Decimal(0), Decimal(9))
    assert settings.guards.changed_items == 7


def test_hosts_come_from_the_file_or_from_the_environment(tmp_path: Path) -> None:
    text = "media: {hosts: [img.example.com, '*.cdn.example'], allow_http: true}\n"
    of_file = Web(["img.example.com", "*.cdn.example"], allow_http=True)
    of_environment = Web(["a.example", "b.example:8443"], allow_http=True)

    assert loaded(tmp_path, "").media.web() == Web([])
    assert loaded(tmp_path, text).media.web() == of_file
    hosts = "a.example, b.example:8443"
    assert loaded(tmp_path, text, ERP2PIM_MEDIA_HOSTS=hosts).media.web() == of_environment


@pytest.mark.parametrize(
    ("section", "key", "value", "words"),
    [
        ("gate", "settle_s", "0", "0 is not between 0 and 3600"),
        ("gate", "settle_s", "3601", "3601 is not between 0 and 3600"),
        ("gate", "companion", "ok", "'ok' is not a suffix such as .ok, .md5 or .sha256"),
        ("gate", "companion", "./x", "'./x' is not a suffix such as .ok, .md5 or .sha256"),
        ("gate", "declared", "/x:Export/N", "the prefix x is not declared in the mapping's source"),
        ("gate", "declared", "/A[1]/N", "[1] asks for a position"),
        ("gate", "band", "50 %", "'50 %' is not a band such as 0.5..2.0"),
        ("gate", "band", "2..1", "'2..1' is not a band such as 0.5..2.0"),
        ("gate", "band", "-1..1", "'-1..1' is not a band such as 0.5..2.0"),
        ("gate", "band", "NaN..1", "'NaN..1' is not a band such as 0.5..2.0"),
        ("gate", "written", "yesterday", "'yesterday' is not an absolute path of names"),
        ("gate", "repeated", "skip", "'read' or 'nothing'"),
        ("gate", "missing", "ignore", "'refuse' or 'nothing'"),
        ("gate", "empty", "ok", "'refuse' or 'nothing'"),
        ("gate", "settled_s", "1", "unknown key 'settled_s'; did you mean 'settle_s'?"),
        ("guards", "changed_percent", "101", "101 is not between 0 and 100"),
        ("guards", "changed_items", "-1", "-1 is less than 0"),
        ("guards", "change_items", "1", "unknown key 'change_items'; did you mean"),
        ("media", "hosts", "https://x.example", "'https://x.example' is no host such as img"),
        ("media", "hosts", "*", "'*' is no host such as img.example.com or *.example.com"),
        ("media", "hosts", "X.example", "'X.example' is no host such as img.example.com"),
        ("media", "hosts", "u@x.example", "'u@x.example' is no host such as img.example.com"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, section: str, key: str, value: str, words: str
) -> None:
    (line,) = told(tmp_path, f'{section}:\n  {key}: "{value}"\n')

    assert line.startswith("6:")
    assert words in line


def test_all_paths_that_cannot_be_followed_are_told_at_once(tmp_path: Path) -> None:
    lines = told(tmp_path, "gate:\n  declared: a\n  written: b\n")

    assert [line.partition(":")[0] for line in lines] == ["6", "7"]


def test_no_secret_shows_in_the_settings(tmp_path: Path) -> None:
    text = BASE.replace("secret: b", "secret: s3cret-of-it")
    path = tmp_path / "erp2pim.yaml"
    path.write_text(text, encoding="utf-8")

    assert "s3cret-of-it" not in repr(load(path, {}))
