"""Finished HTML goes past the Markdown parser and comes back where it stood."""

from __future__ import annotations

import pytest
from markdown import markdown  # type: ignore[import-untyped] # ships no types

from incident_tracker.pages.finished import set_aside

BLOCK = '<ul class="it-x">\n<li id="a">one *two*</li>\n</ul>'


def test_a_finished_block_comes_back_as_it_was_between_what_was_read() -> None:
    page = set_aside(f"# Title\n\n{BLOCK}\n\nSome *words*.")
    assert BLOCK not in page.markdown
    whole = page.whole(markdown(page.markdown))
    assert whole == f"<h1>Title</h1>\n{BLOCK}\n<p>Some <em>words</em>.</p>"
    assert page.anchors == {"a"}


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{BLOCK}\n```",
        f"Words\n{BLOCK}",
        f"{BLOCK}\nwords",
        '<div markdown="1">\n\n## Heading\n\n</div>',
        '<div>\n<p markdown="1">*words*</p>\n</div>',
        "<div>\n<p>never closed</p>",
        "<div></div> and words",
        "<b>inline</b>",
    ],
)
def test_what_the_parser_must_read_is_left_to_it(text: str) -> None:
    page = set_aside(text)
    assert (page.markdown, page.blocks) == (text, [])


def test_elements_that_follow_on_each_other_are_set_aside_together() -> None:
    text = '<h3>One</h3>\n<ul>\n<li>two</li>\n</ul>\n<p class="it-cap">three</p>'
    assert set_aside(f"{text}\n\nwords").blocks == [text]
    assert set_aside(f"{text}\nwords").blocks == []


def test_an_element_inside_itself_ends_with_the_outer_one() -> None:
    text = "<div>\n<div>\n</div>\n\n<div></div>\n</div>"
    assert set_aside(text).blocks == [text]


def test_a_mark_that_somebody_wrote_is_not_taken_for_one() -> None:
    page = set_aside(f"finishedhtml0x\n\n{BLOCK}")
    assert page.whole(markdown(page.markdown)) == f"<p>finishedhtml0x</p>\n{BLOCK}"


def test_a_mark_that_did_not_stay_a_paragraph_is_noticed() -> None:
    page = set_aside(f"- item\n\n{BLOCK}")
    assert page.whole(f"<ul><li>{page.mark}0x</li></ul>") is None
    assert page.whole("") is None
