"""Text that people wrote, made harmless: what a reader sees of it, and that it is bounded."""

from __future__ import annotations

import re
import time

import markdown  # type: ignore[import-untyped] # ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_tracker.pages.allowed_html import clean, text_of
from incident_tracker.pages.dialect import EXTENSION_CONFIGS, EXTENSIONS
from incident_tracker.pages.safe import inline_markdown, plain, safe_markdown

SYNTAX = st.text(
    alphabet="<>[](){}:`*_#!&;/\\\"'= -\n\t|~^+.@xjavscript:aler1\x02\x03", max_size=80
)
HANDLER = re.compile(r"<[^>]*\son\w+\s*=", re.IGNORECASE)


def rendered(text: str) -> str:
    """What the site makes of a page's Markdown, before the gate."""
    return str(
        markdown.markdown(text, extensions=list(EXTENSIONS), extension_configs=EXTENSION_CONFIGS)
    )


def shown(text: str) -> str:
    return re.sub(r"<[^>]+>", "", clean(rendered(text))).replace("&lt;", "<").replace("&gt;", ">")


@pytest.mark.parametrize(
    "text",
    [
        "a < b",
        "<b>",
        "[x](y)",
        "*a* _b_ `c` ~d~",
        "# 1. - + > |",
        "{: .x }",
        "http://example.org",
        "`` ` ``",
        "\\*",
        "a\nb",
        "!!! note",
    ],
)
def test_plain_text_is_shown_as_it_was_typed(text: str) -> None:
    assert clean(rendered(str(plain(text)))).startswith("<p>")
    assert shown(str(plain(text))) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**a** and `<b>`", "<p><strong>a</strong> and <code>&lt;b&gt;</code></p>"),
        ("# no heading", "<p># no heading</p>"),
        ("1. no list", "<p>1. no list</p>"),
        ("- no list", "<p>- no list</p>"),
        ("> no quote", "<p>&gt; no quote</p>"),
        ("a\n\nb", "<p>a b</p>"),
        (
            "<https://example.org/a>",
            '<p><a href="https://example.org/a">https://example.org/a</a></p>',
        ),
    ],
)
def test_a_line_keeps_emphasis_code_and_links_and_begins_no_block(text: str, expected: str) -> None:
    assert clean(rendered(str(inline_markdown(text)))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a <b>", "<p>a &lt;b&gt;</p>"),
        ("x {: #y onclick=z }", "<p>x {: #y onclick=z }</p>"),
        ("[x](javascript:a)", "<p>[x](javascript:a)</p>"),
        ("[x](JAVA&#115;cript&colon;a)", "<p>[x](JAVAscript:a)</p>"),
        ("[x](http://[::1/x)", "<p>[x](http://[::1/x)</p>"),
        ("[TOC]", "<p>[TOC]</p>"),
        ("[x]: javascript:a", "<p>[x]: javascript:a</p>"),
        ("<javascript:a>", "<p>&lt;javascript:a&gt;</p>"),
        ("![x](https://h.example/a.png)", '<p><a href="https://h.example/a.png">x</a></p>'),
    ],
)
def test_what_is_dangerous_is_shown_as_it_was_typed(text: str, expected: str) -> None:
    assert clean(rendered(str(safe_markdown(text)))) == expected


def test_code_is_left_alone() -> None:
    code = "```python\nif a < b and {c}: [x](javascript:y)\n```"

    assert str(safe_markdown(code)) == code


def test_a_fence_that_was_left_open_ends_with_the_text() -> None:
    page = f"{safe_markdown('```' + chr(10) + 'never closed')}\n\n## Next\n"

    assert "<h2" in rendered(page)


def test_a_fence_is_given_its_language_and_nothing_else() -> None:
    assert "onclick" not in str(safe_markdown("```python { onclick=x }\na\n```"))


@pytest.mark.parametrize("text", ["# Big", "Big\n===", "## Big"])
def test_somebodys_heading_is_never_above_the_pages_own(text: str) -> None:
    html = rendered(str(safe_markdown(text)))

    assert not re.search("<h[12]", html)


@pytest.mark.parametrize(
    ("written", "source", "page", "led"),
    [
        ("[x](../../docs/a.md)", "incidents/2026/b.md", "status.md", "[x](docs/a.md)"),
        ("[x](c.md#d)", "incidents/2026/b.md", "history/2026.md", "[x](../incidents/2026/c.md#d)"),
        ("[x](c.md)", "incidents/2026/b.md", "incidents/2026/b.md", "[x](c.md)"),
        ("[x](#d)", "incidents/2026/b.md", "status.md", "[x](#d)"),
        ("[x](https://e.org/c.md)", "incidents/2026/b.md", "status.md", "[x](https://e.org/c.md)"),
    ],
)
def test_a_relative_link_goes_on_leading_where_it_led(
    written: str, source: str, page: str, led: str
) -> None:
    assert str(safe_markdown(written, source=source, page=page)) == led


@given(SYNTAX)
def test_nothing_that_runs_passes_the_gate_whatever_is_typed(text: str) -> None:
    for markdown_text in (text, str(safe_markdown(text)), f"- {inline_markdown(text)}"):
        html = clean(rendered(markdown_text))
        assert "<script" not in html
        assert not HANDLER.search(html)
        assert not re.search(r'(?:href|src)="\s*(?:javascript|data|vbscript)', html)


@given(SYNTAX)
def test_plain_text_makes_one_paragraph_and_no_element(text: str) -> None:
    html = rendered(f"x {plain(text)}")

    assert html.startswith("<p>")
    assert html.count("<") == 2


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "![a](" * 5_000, "<a " * 5_000, "# x\n" * 5_000, "> " * 2_000, "`a" * 9_000],
    ids=["brackets", "pictures", "tags", "headings", "quotes", "code"],
)
def test_row_15_what_would_keep_a_parser_busy_is_bounded(text: str) -> None:
    start = time.perf_counter()

    rendered(str(safe_markdown(text)))

    assert time.perf_counter() - start < 5  # seconds; unbounded it takes up to minutes


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ('<div id="__config">x</div>', "<div>x</div>"),
        ('<div class="md-header it-note mermaid">x</div>', '<div class="it-note">x</div>'),
        ('<p style="position:fixed;left:3%">x</p>', '<p style="left:3%">x</p>'),
        ('<p data-md-component="search">x</p>', "<p>x</p>"),
        ('<img src="https://h.example/a.png" alt="x">', '<img alt="x">'),
        ('<img src="//h.example/a.png" alt="x">', '<img alt="x">'),
        ('<img src="../a.png" alt="x">', '<img src="../a.png" alt="x">'),
        ('<input type="password">', "<input>"),
        ('<svg><rect fill="url(https://h.example/)"></rect></svg>', "<svg><rect></rect></svg>"),
        ("<svg><use href='#x'></use><style>x</style></svg>", "<svg></svg>"),
    ],
)
def test_the_gate_takes_out_what_is_the_themes_or_asks_another_host(typed: str, left: str) -> None:
    assert clean(typed) == left


def test_the_title_of_a_heading_is_text_only() -> None:
    assert text_of("a &lt;b&gt; <em>c</em><img src=x onerror=y>") == "a &lt;b&gt; c"
