"""HTML of strangers becomes the text that it shows."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_tracker.importers.html_text import shown


@pytest.mark.parametrize(
    ("given_html", "text"),
    [
        ("plain", "plain"),
        ("a<br /><br>b", "a\n\nb"),
        ("<p>a</p><P class='x'>b", "\na\n\nb"),
        ("<b>a</b> <em>b</em>", "a b"),
        ("AT&amp;T &lt;b&gt; &#39;x&#39; AT&T", "AT&T <b> 'x' AT&T"),
        ("&amp;lt;", "&lt;"),
        ("<1% of x, y > 2, a <name>, <bra>", "<1% of x, y > 2, a <name>, <bra>"),
        (
            '<a href="https://example.org/?a=1&amp;b=2">here</a>',
            "here (https://example.org/?a=1&b=2)",
        ),
        ("<a href='https://example.org'>https://example.org</a>", "https://example.org"),
        ("<a href=javascript:alert(1)>x</a>", "x"),
        ("<a name=x>x</a></a>", "x"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<ul><li>a<li>b</ul>", "\n\na\nb\n"),
    ],
)
def test_what_a_browser_shows_is_the_text(given_html: str, text: str) -> None:
    assert shown(given_html) == text


@given(st.text(max_size=200))
def test_a_text_that_was_written_as_html_comes_back(text: str) -> None:
    assert shown(html.escape(text).replace("\n", "<br />")) == text


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<p>", "&", "<a href='https://", "<a href=x>y", "</a>"]
)
def test_a_long_text_without_an_end_is_gone_through_once(piece: str) -> None:
    assert len(shown(piece * 200_000)) <= len(piece) * 200_000 + 1
