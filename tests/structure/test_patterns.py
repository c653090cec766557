import re
import string
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.structure.patterns import fits, is_email, is_url


@pytest.mark.parametrize(
    ("pattern", "text", "verdict"),
    [
        ("/^[A-Z]{3}$/", "ABC", "fits"),
        ("/^[A-Z]{3}$/", "abc", "differs"),
        ("/^[A-Z]{3}$/i", "abc", "fits"),
        ("/b/", "abc", "fits"),
        ("/b/A", "abc", "differs"),
        ("#^a/b$#", "a/b", "fits"),
        ("{^a$}", "a", "fits"),
        ("(^a$)", "a", "fits"),
        (r"~^a\~b$~", "a~b", "fits"),
        ("/^ a # a comment\n $/x", "a", "fits"),
        (r"/^\w+$/", "Größe", "differs"),
        (r"/^\w+$/u", "Größe", "fits"),
        ("/^.{3}$/", "Größe"[:3], "differs"),
        ("/^.{3}$/u", "Größe"[:3], "fits"),
        ("/^.{4}$/", "Größe"[:3], "fits"),
        ("/^(?<year>[0-9]{4})$/", "2026", "fits"),
        (r"/^a\z/D", "a", "fits"),
        (r"/^a\\z$/", r"a\z", "fits"),
        ("/^a++b/U", "aab", "fits"),
        ("/^[[:alpha:]]+$/", "abc", "unknown"),
        (r"/^\p{L}+$/u", "abc", "unknown"),
        (r"/a\vb/", "a\x0bb", "unknown"),
        ("/^a{,2}$/", "a", "unknown"),
        ("/a(/", "a", "unknown"),
        ("/a/e", "a", "unknown"),
        ("(a/", "a", "unknown"),
        ("abc", "abc", "unknown"),
        ("", "abc", "unknown"),
    ],
)
def test_a_pcre_is_judged_as_php_does_or_not_at_all(pattern: str, text: str, verdict: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert fits(pattern, text) == verdict


@given(st.text(string.ascii_letters + string.digits + " -_", max_size=20))
def test_an_escaped_text_fits_itself_whatever_the_delimiter(text: str) -> None:
    literal = re.escape(text)

    assert {fits(f"{d}^{literal}$" + d, text) for d in "/#~%!"} == {"fits"}


@given(st.text(max_size=50), st.text(max_size=50))
def test_no_text_breaks_a_pattern(pattern: str, text: str) -> None:
    assert fits(pattern, text) in {"fits", "differs", "unknown"}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("a@example.com", True),
        ("ä b@c.de", True),
        ("a@b", False),
        ("@a.de", False),
        ("a@b.c d", False),
        ("abc", False),
    ],
)
def test_an_email_address_needs_an_at_sign_and_a_dot_behind_it(text: str, verdict: bool) -> None:  # noqa: FBT001
    assert is_email(text) is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("http://a.example", True),
        ("HTTPS://www.example.com/", True),
        ("https://user:pw@example.com:80/a/b.html?c=d&e[]=%20#f", True),
        ("http://localhost", True),
        ("http://1.2.3.4/x", True),
        ("http://[::1]:8080/", True),
        ("https://müller.de/größe?q=ä", True),
        ("ftp://example.com", False),
        ("www.example.com", False),
        ("http://", False),
        ("http:///a", False),
        ("http://ex.com/a b", False),
        ("http://ex.com/%zz", False),
        ('http://ex.com/"', False),
        ("http://ex.com/„a“", False),
        ("http://ex.com\u00a0/", False),
    ],
)
def test_a_web_address_is_http_or_https_with_a_host(text: str, verdict: bool) -> None:  # noqa: FBT001
    assert is_url(text) is verdict
