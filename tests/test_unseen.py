"""What is on no page of the tracker, and where it keeps its files, is on no public page."""

from __future__ import annotations

import pytest
from poison import public

from incident_tracker.audience import published
from incident_tracker.text import telling
from incident_tracker.text.names import Names
from incident_tracker.text.unseen import without_elements, without_hidden

NOBODY = Names((), ())
DEFINITIONS = (
    "[//]: # (SECRET\nSECRET)",
    "[//]: # (SECRET\n\nMore.",
    "[//]: #\n  (SECRET SECRET)",
    "[//]: # 'SECRET\nSECRET\n'",
    "[//]: # (SECRET\n)",
    "> [//]: # (SECRET)",
    "> [//]: # (SECRET\n> SECRET)",
    "- [//]: # (SECRET)",
    "1. [//]: # (SECRET)",
    "- > [//]: # (SECRET)",
    '[//]: # "SECRET \\" y"',
    "[//]: # 'SECRET \\' y'",
    "[//]: # (SECRET \\(x\\) SECRET)",
    "[//]: # (SECRET (x) SECRET)",
    "[//]: # SECRET and more",
    "[//]: SECRET and more",
    "[//]: <> (SECRET)",
    "[a\\]b]: # (SECRET)",
    "[a\nb]: # (SECRET)",
    "[bar]:\n  ../../evidence/SECRET.txt",
    "[bar]: <../../evidence/SECRET x.txt>",
    "[bar]: SECRET.txt\n  'SECRET'",
    "[bar]: https://example.org/ 'SECRET'",
)
LINKS = (
    "[x](../../evidence/SECRET.txt)",
    '[x](../../evidence/SECRET.txt\n"t")',
    "[x](\n../../evidence/SECRET.txt)",
    '[x](../../evidence/SECRET.txt "a) SECRET")',
    "[x](../../e(v(i)d)ence/SECRET.txt)",
    "[x](<../../evidence/a)SECRET.txt>)",
    "[x](<../../evidence/a)SECRET.txt> 'SECRET')",
    "[x](http:../../evidence/SECRET.txt)",
    "[x](HTTPS:/../evidence/SECRET)",
    "[x](https://../SECRET)",
    "[x](mailto:../SECRET)",
    "[x](file:///srv/SECRET)",
    "[x](//SECRET/x)",
    "[x](&#46;./SECRET)",
    "[x][../../evidence/SECRET]",
    "[x [y] z](../../evidence/SECRET.txt)",
    "[x\\](y](../../evidence/SECRET.txt)",
    "![`a]`](../../evidence/SECRET.png)",
    "[![x](SECRET.png)](SECRET.txt)",
)
ELEMENTS = (
    "<? SECRET ?>",
    "<?SECRET > SECRET ?>",
    "<!DOCTYPE SECRET>",
    "<![CDATA[ SECRET > SECRET ]]>",
    "<div hidden>\nSECRET\n</div>",
    "<DIV HIDDEN>\nSECRET\n</div >",
    '<div style="display:none">\nSECRET\n</div>',
    "<div hidden><div>a</div>SECRET</div>",
    '<div hidden><div class="x">a<div>b</div></div>SECRET</div>',
    "<DIV hidden><div\n>a</Div>SECRET</div>",
    "<details hidden><details><summary>a</summary>b</details>SECRET</details>",
    "<b-x hidden><b-x>a</b-x>SECRET</b-x>",
    "<b hidden>a</b-x>SECRET</b>",
    "<b hidden><b-x>a</b-x>SECRET</b>",
    "<kbd hidden>a</\u212abd>SECRET</kbd>",
    '<div hidden><p title="</div>">SECRET</p></div>',
    "<div hidden><script>'</div>'</script>SECRET</div>",
    f'<div hidden><div title="{"x" * 1000}">a</div>SECRET</div>',
    "<div hidden>" + "İ" * 20 + "SECRET</div>",
    "İ" * 20 + "<div hidden>SECRET</div>",
    "<script>SECRET</script>",
    "<script>'</scripts>' SECRET</SCRIPT >",
    "<template>SECRET</template>",
    '<a title=">" href="../SECRET">x</a>',
    "<a title='>' href=../SECRET>x</a>",
    "<a href=../SECRET>x</a>",
    "<a title=it's href='../SECRET'>x</a>",
    '<a\nhref="../SECRET">x</a>',
    '<a/href="SECRET">x</a>',
    '<p id="a<SECRET">b</p>',
    '<My-Tag_ x="SECRET">',
    '<svg:a x="SECRET"/>',
    '<abcdefghijklmnopqrstuvwxyz x="SECRET">',
)
ENDLESS = (
    "<div hidden>\nSECRET",
    "<template>\nSECRET</div>",
    "<script>\nSECRET",
)
SPANS = (
    "<div hidden>\n\nSECRET\n\n- Impact: SECRET\n- Next steps: SECRET\n\n</div>",
    "<script>\n\n- Impact: SECRET\n\n</script>",
    "<details hidden>\n<summary>SECRET</summary>\n\n- Impact: SECRET\n\n</details>",
    "- Impact: <template>SECRET\n- Next steps: SECRET</template>",
    "- Impact: <b hidden>\n- Next steps: SECRET\n  SECRET</b>",
    "<div hidden>\n\n- Components: search degraded_performance\n- Next update: 12:30\n\n</div>",
    "<div hidden><!-- </div> -->\n- Impact: SECRET\n\n</div>",
)
STYLES = (
    "display:&#110;one",
    "display&colon;none",
    "display:/**/none",
    "displ\\61y:none",
    "display:n\\one",
    "visibility:collapse",
    "visibility: &#x63;ollapse",
)


@pytest.mark.parametrize("form", [*DEFINITIONS, *LINKS, *ELEMENTS])
def test_what_is_on_no_page_is_not_told(form: str) -> None:
    written = f"Searching works.\n\n{form}\n\n- ETA: none\n\nMore to come.\n"
    tracker = public(("incident", "Searching works again.", written))
    update = published(tracker).incidents[0].log.updates[-1]
    assert "SECRET" not in repr(update)
    assert update.text.startswith("Searching works.")
    assert update.value("eta") == "none"
    assert "SECRET" not in telling.told(form)
    assert "SECRET" not in telling.impersonal(form, NOBODY)


@pytest.mark.parametrize("form", ENDLESS)
def test_what_is_hidden_without_an_end_is_hidden_to_the_end_of_its_update(form: str) -> None:
    written = f"Searching works.\n\n{form}\n\n- ETA: none\n\nMore to come.\n"
    earlier = ("incident", "Searching fails for everybody.", written)
    first, last = published(public(earlier)).incidents[0].log.updates
    assert (first.text, first.keys) == ("Searching works.", ())
    assert last.text == "Searching works again."
    assert last.value("root-cause")
    assert "SECRET" not in telling.impersonal(form, NOBODY)


@pytest.mark.parametrize("form", SPANS)
def test_what_is_hidden_over_key_lines_is_not_told(form: str) -> None:
    written = f"Searching works.\n\n{form}\n- ETA: none\n\nMore to come.\n"
    tracker = public(("incident", "Searching works again.", written))
    update = published(tracker).incidents[0].log.updates[-1]
    assert "SECRET" not in repr(update)
    assert (update.next_update_at, update.components) == (None, {})
    assert (update.value("next-update"), update.value("components")) == ("", "")
    assert update.text.startswith("Searching works.")
    assert update.text.endswith("More to come.")
    assert update.value("eta") == "none"


@pytest.mark.parametrize("style", STYLES)
def test_it_is_hidden_however_the_style_is_written(style: str) -> None:
    for form in (
        f'<p style="{style}">SECRET</p>',
        f"<p style='{style}'>\n- Impact: SECRET\n\n</p>",
    ):
        tracker = public(("incident", "Searching works again.", f"It works.\n{form}\n"))
        assert "SECRET" not in repr(published(tracker).incidents[0].log.updates)
        assert "SECRET" not in telling.told(form)


def test_what_is_hidden_over_updates_is_not_told_with_its_heading() -> None:
    begin = ("incident", "The team is investigating.", "It. <div hidden>SECRET")
    end = ("incident", "- Prevention: releases", "</div>\n- Prevention: releases")
    (update,) = published(public(begin, end)).incidents[0].log.updates
    assert update.text.rstrip() == "Searching fails for everybody. It."
    assert update.keys == ()


def test_what_hides_nothing_leaves_an_update_as_it_was() -> None:
    plain = "It <b>works</b> a < b & c.\n- ETA: <i>none</i>"
    update = published(public(("incident", "Searching works again.", plain))).incidents[0].log
    assert update.updates[-1].text == plain.partition("\n")[0]
    assert update.updates[-1].value("eta") == "<i>none</i>"
    assert without_hidden(["a<br hidden>b", "<p hidden>c</p>d\n", "e"]) == [
        "a<br hidden>b",
        "d\n",
        "e",
    ]


def test_many_elements_without_an_end_are_read_in_a_time_of_the_text() -> None:
    texts = ["a<div hidden>b"] * 5_000
    assert without_hidden(texts) == ["a"] * 5_000


@pytest.mark.parametrize("form", [*DEFINITIONS, *LINKS])
def test_it_is_not_told_in_a_key_line_either(form: str) -> None:
    written = "Searching works.\n- ETA: none\n  " + form.replace("\n", "\n  ") + "\n"
    tracker = public(("incident", "Searching works again.", written))
    update = published(tracker).incidents[0].log.updates[-1]
    assert "SECRET" not in repr(update)
    assert update.value("eta").startswith("none")


@pytest.mark.parametrize(
    "text",
    [
        "[Note]: we are on it",
        "[Note]:\nWe are on it.",
        "[x](https://example.org/a_(b)) and [y](<https://example.org/> 'z')",
        "[x](mailto:help@example.org)",
        "[x][1] and [2][] and a[0](x",
        "[c]: https://example.org/",
        "<https://example.org/?a=b> <mailto:a@example.org?subject=b> <your name> <b>c</b>",
        "2 < 3, x <y> z, a <- b",
        "<details><summary>x</summary>y</details>",
    ],
)
def test_what_everybody_sees_and_can_follow_is_told(text: str) -> None:
    assert telling.told(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a<div hidden><div>b</div>c</div>d", "ad"),
        ("a<div hidden>b</div>c</div>d", "ac</div>d"),
        ("a<div hidden><div-x>b</div-x>c</div>d", "ad"),
        ("a<div hidden>b<div>c</div>", "a"),
        ("a<details hidden><details>b</details>c</details>d", "ad"),
        ("a<b-x hidden><b>b</b></b-x>d", "ad"),
        ("İ" * 20 + "<div hidden>a</div>b", "İ" * 20 + "b"),
        ("<div hidden>" + "İ" * 20 + "</div>b", "b"),
        ("a<script><script>b</script>c", "ac"),
        ("a<style><div></style>b", "ab"),
        ("a<template>" + "İ" * 20 + "</TEMPLATE>b", "ab"),
        ("a<template>S<template>S</template>S</template>b", "ab"),
        ("a<noscript>b</noscript >c", "ac"),
        ("a<br hidden>b<img hidden>c", "abc"),
    ],
)
def test_what_hides_something_ends_at_its_own_end(text: str, left: str) -> None:
    assert without_elements(text) == left


@pytest.mark.parametrize(
    "sign",
    [
        *("[", "](", "[](", "[x](<", "[x](a 'b", "[x]: # (", "[x]: # (a\n", "[x]:\n", "[a\\"),
        *("<?", "<![CDATA[", "<div hidden>", "<a ", "<a b='", "<a b=\"'<a b='\""),
        *(
            "<script></script ",
            "<div hidden></div",
            "<div hidden><div>",
            "<div hidden><script>",
            "<div hidden></div>",
        ),
        *("- > ", "](a ", "((", "[x]["),
    ],
)
def test_long_texts_of_one_sign_are_read_to_their_end(sign: str) -> None:
    long = sign * (100_000 // len(sign))
    for text in (f"We look.\n\n{long}", f"We look. {long}\n\n"):
        assert telling.told(text).startswith("We look.")
        assert telling.impersonal(text, NOBODY).startswith("We look.")
