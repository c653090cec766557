"""The configuration: where it is found, what goes before it, and that it keeps secrets."""

import traceback
from pathlib import Path

import pytest

from erp2pim.config.settings import Settings, find, load, mapping_path
from erp2pim.errors import ConfigError

FILE = Path("config/erp2pim.yaml")
TEXT = """\
version: 1
pim:
  url: https://pim.example.com
  client_id: 1_abc
  secret: ${SECRET}
  username: erp
  password: ${PASSWORD}
mapping: mapping.yaml
state: ../state
"""
ENVIRON = {"SECRET": "s3cret-hunter", "PASSWORD": "pa55-hunter"}


def settings(text: str = TEXT, **environ: str) -> Settings:
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text, encoding="utf-8")
    return load(FILE, {**ENVIRON, **environ})


def refused(text: str, **environ: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        settings(text, **environ)
    return caught.value


def faults(text: str, **environ: str) -> list[str]:
    return [str(fault).removeprefix(f"{FILE}:") for fault in refused(text, **environ).faults]


def changed(old: str, new: str) -> str:
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new)


# Where it is found


def test_the_file_that_is_named_goes_before_all_others() -> None:
    Path("erp2pim.yaml").touch()
    environ = {"ERP2PIM_CONFIG": "b.yaml"}

    assert find(Path("a.yaml"), environ) == Path("a.yaml")
    assert find(None, environ) == Path("b.yaml")
    assert find(None, {"ERP2PIM_CONFIG": ""}) == Path("erp2pim.yaml")


def test_files_in_the_folder_are_found_in_their_order() -> None:
    FILE.parent.mkdir()
    FILE.touch()
    assert find(None, {}) == Path("config/erp2pim.yaml")

    Path("erp2pim.yaml").touch()

    assert find(None, {}) == Path("erp2pim.yaml")


def test_without_a_file_all_places_are_named() -> None:
    with pytest.raises(ConfigError) as caught:
        find(None, {})

    assert caught.value.what == (
        "there is no configuration; looked for erp2pim.yaml, config/erp2pim.yaml, "
        "/etc/erp2pim/erp2pim.yaml"
    )
    assert caught.value.fix == "name one with --config or in ERP2PIM_CONFIG"


# What it says


def test_a_configuration_says_where_things_are_from_its_own_folder() -> None:
    found = settings()
    pim = found.connection()

    assert (found.path, found.mapping, found.state) == (
        FILE,
        Path("config/mapping.yaml"),
        Path("state"),
    )
    assert (pim.url, pim.client_id, pim.username) == (
        "https://pim.example.com",
        "1_abc",
        "erp",
    )
    assert pim.secret.get_secret_value() == "s3cret-hunter"
    assert pim.password.get_secret_value() == "pa55-hunter"


def test_two_dots_behind_a_symbolic_link_lead_where_the_system_leads_them() -> None:
    Path("served/config").mkdir(parents=True)
    Path("config").symlink_to("served/config")

    assert settings().state.resolve() == Path("served/state").resolve()


def test_sending_has_the_limits_of_the_pim_unless_declared() -> None:
    usual = settings().send
    ours = settings(TEXT + "send: {batch_lines: 10, workers: 1, timeout_s: 5, attempts: 2}").send

    assert (usual.batch_lines, usual.workers, usual.timeout_s, usual.attempts) == (100, 4, 60, 6)
    assert (ours.batch_lines, ours.workers, ours.timeout_s, ours.attempts) == (10, 1, 5, 2)


@pytest.mark.parametrize(
    ("key", "lowest", "highest"),
    [("batch_lines", 1, 100), ("workers", 1, 4), ("timeout_s", 1, 3600), ("attempts", 1, 20)],
)
def test_a_limit_is_held_at_both_ends(key: str, lowest: int, highest: int) -> None:
    for good in (lowest, highest):
        assert getattr(settings(TEXT + f"send: {{{key}: {good}}}").send, key) == good
    for bad in (lowest - 1, highest + 1, "many", "1.5", "''"):
        (fault,) = faults(TEXT + f"send: {{{key}: {bad}}}")
        assert fault.startswith(f"10:{len(key) + 10}: ")


def test_a_variable_may_stand_in_any_text() -> None:
    text = changed("https://pim.example.com", "https://${HOST}.example.${TOP}")

    assert settings(text, HOST="pim", TOP="org").connection().url == "https://pim.example.org"


def test_each_variable_that_is_not_set_is_told_at_its_place() -> None:
    text = changed("https://pim.example.com", "https://${HOST}.example.${TOP}")

    assert faults(text, TOP="org") == ["3:8: the environment variable HOST is not set"]
    with pytest.raises(ConfigError) as caught:
        load(FILE, {})
    assert [fault.line for fault in caught.value.faults] == [3, 3, 5, 7]


def test_what_a_variable_that_is_not_set_leaves_behind_is_no_second_fault() -> None:
    text = changed("https://pim.example.com", "${URL}") + "send:\n  workers: ${WORKERS}\n"

    assert faults(text) == [
        "3:8: the environment variable URL is not set",
        "11:12: the environment variable WORKERS is not set",
    ]
    assert faults(text, WORKERS="9") == [
        "3:8: the environment variable URL is not set",
        "11:12: 9 is not between 1 and 4",
    ]


def test_a_variable_that_is_set_to_nothing_is_nothing() -> None:
    (fault,) = faults(TEXT, SECRET="")

    assert fault == "5:11: the secret is empty"


def test_a_dollar_alone_is_no_variable() -> None:
    assert settings(changed("erp\n", "$erp$\n")).connection().username == "$erp$"


def test_the_mapping_is_found_whatever_else_is_wrong() -> None:
    FILE.parent.mkdir()
    FILE.write_text("pim:\n  secret: ${NOT_SET}\nmapping: ${NAME}.yaml\nx: y\n", encoding="utf-8")

    assert mapping_path(FILE, {"NAME": "ours"}) == Path("config/ours.yaml")
    assert mapping_path(FILE, {"ERP2PIM_MAPPING": "b.yaml"}) == Path("config/b.yaml")
    with pytest.raises(ConfigError) as caught:
        mapping_path(FILE, {})
    assert [str(fault) for fault in caught.value.faults] == [
        f"{FILE}:3:10: the environment variable NAME is not set"
    ]


@pytest.mark.parametrize("text", ["x: y\n", "mapping: [a]\n", "- a\n"])
def test_a_configuration_that_names_no_mapping_is_told(text: str) -> None:
    FILE.parent.mkdir()
    FILE.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        mapping_path(FILE, {})

    assert [fault.message for fault in caught.value.faults] == ["mapping: names no file"]


# What goes before it


def test_the_environment_goes_before_the_file() -> None:
    found = settings(
        TEXT + "send: {workers: 2, attempts: 3}",
        ERP2PIM_PIM_URL="https://other.example.com",
        ERP2PIM_PIM_SECRET="another",
        ERP2PIM_MAPPING="other.yaml",
        ERP2PIM_STATE="/var/lib/erp2pim",
        ERP2PIM_SEND_WORKERS="1",
    )

    assert found.connection().url == "https://other.example.com"
    assert found.connection().secret.get_secret_value() == "another"
    assert found.mapping == Path("config/other.yaml")
    assert found.state == Path("/var/lib/erp2pim")
    assert (found.send.workers, found.send.attempts) == (1, 3)


def test_the_environment_may_give_a_whole_section() -> None:
    assert settings(ERP2PIM_SEND_BATCH_LINES="7").send.batch_lines == 7


def test_what_the_environment_gives_is_checked_too() -> None:
    (fault,) = faults(TEXT, ERP2PIM_SEND_WORKERS="9")

    assert fault.endswith("9 is not between 1 and 4")


def test_a_variable_that_is_not_set_does_no_harm_where_the_environment_goes_before_it() -> None:
    text = changed("${SECRET}", "${NOT_SET}")

    assert settings(text, ERP2PIM_PIM_SECRET="x").connection().secret.get_secret_value() == "x"


def test_a_password_from_the_environment_is_taken_as_it_is() -> None:
    found = settings(ERP2PIM_PIM_PASSWORD="pa${ss}$word")

    assert found.connection().password.get_secret_value() == "pa${ss}$word"


# Secrets in files


def test_a_secret_may_stand_in_a_file_beside_the_configuration() -> None:
    FILE.parent.mkdir()
    Path("config/secret.txt").write_text("  from a file \n", encoding="utf-8")
    text = changed("secret: ${SECRET}", "secret_file: secret.txt")

    assert settings(text).connection().secret.get_secret_value() == "from a file"


@pytest.mark.parametrize("name", ["secret", "password"])
def test_a_secret_is_given_in_one_way(name: str) -> None:
    line = f"  {name}: ${{{name.upper()}}}\n"

    neither = faults(changed(line, ""))
    both = faults(changed(line, f"{line}  {name}_file: x.txt\n"))

    assert neither == both == [f"3:3: either {name} or {name}_file is expected"]


def test_a_secret_of_the_environment_goes_before_a_file_and_a_file_before_a_secret() -> None:
    FILE.parent.mkdir()
    (FILE.parent / "other.txt").write_text("of-the-file", encoding="utf-8")
    text = changed("secret: ${SECRET}", "secret_file: nowhere.txt")

    assert (
        settings(text, ERP2PIM_PIM_SECRET="given").connection().secret.get_secret_value() == "given"
    )
    found = settings(TEXT, ERP2PIM_PIM_SECRET_FILE="other.txt").connection().secret
    assert found.get_secret_value() == "of-the-file"
    with pytest.raises(ConfigError):
        settings(TEXT, ERP2PIM_PIM_SECRET_FILE="other.txt", ERP2PIM_PIM_SECRET="given")


def test_a_file_of_a_secret_that_cannot_be_read_is_told() -> None:
    text = changed("secret: ${SECRET}", "secret_file: nowhere.txt")

    assert faults(text) == ["5:16: cannot be read: No such file or directory"]


def test_a_file_of_a_secret_in_another_encoding_is_told() -> None:
    FILE.parent.mkdir()
    Path("config/secret.txt").write_bytes("größe".encode("cp1252"))
    text = changed("secret: ${SECRET}", "secret_file: secret.txt")

    assert faults(text) == ["5:16: cannot be read: it is not UTF-8"]


# The section of the PIM


def test_a_configuration_without_a_pim_says_so_where_one_is_needed() -> None:
    found = settings("version: 1\nmapping: m.yaml\nstate: s\n")

    assert (found.pim, found.private) == (None, ())
    with pytest.raises(ConfigError) as caught:
        found.connection()
    assert (caught.value.what, caught.value.where) == (
        "the configuration names no PIM",
        str(FILE),
    )


# The address


@pytest.mark.parametrize(
    "url",
    [
        "https://pim.example.com/Base",
        "https://pim.example.com:8443",
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://[::1]:8080",
    ],
)
def test_an_address_may_be_safe_or_on_this_machine(url: str) -> None:
    assert settings(changed("https://pim.example.com", url)).connection().url == url


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://pim.example.com/", "https://pim.example.com"),
        ("HTTPS://PIM.Example.com", "https://pim.example.com"),
        ("https://pim.example.com:443/", "https://pim.example.com"),
        ("https://pim.example.com:/Base//", "https://pim.example.com/Base"),
        ("https://pim.example.com:80", "https://pim.example.com:80"),
        ("http://[::1]:80/", "http://[::1]"),
    ],
)
def test_an_address_has_one_spelling(written: str, url: str) -> None:
    found = settings(changed("https://pim.example.com", f"'{written}'")).connection().url
    assert found == url


@pytest.mark.parametrize(
    "url",
    ["http://pim.example.com", "http://10.0.0.1", "http://localhost.example.com", "http://[::2]"],
)
def test_an_address_that_would_send_the_password_in_the_clear_is_refused(url: str) -> None:
    text = changed("https://pim.example.com", url)

    (fault,) = faults(text)

    assert fault.startswith("3:8: http:// would send the password in the clear")
    assert (
        settings(text.replace("  username", "  allow_http: true\n  username")).connection().url
        == url
    )


@pytest.mark.parametrize(
    "url",
    [
        "pim.example.com",
        "ftp://pim.example.com",
        "https://",
        "https:///path",
        "/pim",
        "https://[::1",
        "https://pim.example.com:port",
        "https://pim.example.com:99999",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    (fault,) = faults(changed("https://pim.example.com", f"'{url}'"))

    assert fault.startswith("3:8: an address such as https://pim.example.com is expected")


@pytest.mark.parametrize(
    "url",
    [
        "https://u:pa55-hunter@pim.example.com",
        "https://pim.example.com?x=pa55-hunter",
        "https://pim.example.com#pa55-hunter",
    ],
)
def test_an_address_holds_no_password_and_no_query(url: str) -> None:
    (fault,) = faults(changed("https://pim.example.com", f"'{url}'"))

    assert fault == "3:8: the address must hold neither user nor query"


# Faults


def test_all_faults_are_told_at_once_with_the_nearest_key() -> None:
    text = """\
version: 2
pim:
  url: http://pim.example.com
  client: 1_abc
  secret: ${NOT_SET}
  username: erp
maping: mapping.yaml
state: ../state
send: {worker: 2}
"""

    found = faults(text)

    assert [fault.partition(": ")[0] for fault in found] == ["1:10", "4:3", "5:11", "7:1", "9:8"]
    assert "did you mean 'client_id'?" in found[1]
    assert "did you mean 'mapping'?" in found[3]
    assert "did you mean 'workers'?" in found[4]


def test_a_file_of_another_kind_is_told_without_showing_it_all() -> None:
    (fault,) = faults("<Export>" + "<Item>1</Item>" * 10 + "</Export>")

    seen = "<Export><Item>1</Item><Item>1</Item><Item>1</Item><Item>1</…"
    assert fault == f"1:1: keys with values are expected; found the text '{seen}'"


# Secrets


SECRETS = ("s3cret-hunter", "pa55-hunter", "hunter")


def test_settings_never_show_a_secret() -> None:
    found = settings()

    pim = found.connection()
    shown = f"{found!r} {found} {pim!r} {pim} {pim.secret} {pim.password!r}"

    assert not any(secret in shown for secret in SECRETS)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT + "x: y\n", id="unknown key"),
        pytest.param(TEXT.replace("secret:", "secrt:"), id="secret under an unknown key"),
        pytest.param(TEXT.replace("username: erp\n", ""), id="key missing"),
        pytest.param(TEXT.replace("https:", "http:"), id="address"),
        pytest.param(TEXT.replace("${SECRET}", "[${SECRET}]"), id="secret in a list"),
        pytest.param(TEXT.replace("${PASSWORD}", "{x: ${PASSWORD}}"), id="password in a map"),
        pytest.param(TEXT.replace("${SECRET}", "pa55-hunter: x"), id="two colons"),
        pytest.param(TEXT.replace("${SECRET}", "*pa55-hunter"), id="taken for an alias"),
        pytest.param(TEXT.replace("${SECRET}", "!pa55-hunter"), id="taken for a tag"),
        pytest.param(TEXT.replace("${SECRET}", "&pa55-hunter"), id="taken for an anchor"),
        pytest.param(TEXT.replace("${SECRET}", "'pa55-hunter"), id="open quote"),
        pytest.param(TEXT.replace("${SECRET}", "@pa55-hunter"), id="reserved mark"),
        pytest.param(TEXT.replace("${SECRET}", "x\n  secret: pa55-hunter"), id="twice"),
        pytest.param(TEXT.replace("1_abc", "${NOT_SET}"), id="variable not set"),
    ],
)
def test_no_fault_shows_a_secret(text: str) -> None:
    error = refused(text)

    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(error.faults)

    assert not any(secret in shown for secret in SECRETS)
