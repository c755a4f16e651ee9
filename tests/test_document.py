"""Record files: every byte sequence becomes a document, what is wrong is a fault at its place."""

import time
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_tracker.finding import Fault, Level, Position
from incident_tracker.text.document import Document, read_document
from incident_tracker.text.edit import apply

GOOD = "---\ntitle: Site down\nseverity: P0\n---\n## Timeline\n- 14:05 - Detected\n"


def read(text: str | bytes) -> Document:
    return read_document("incidents/x.md", text if isinstance(text, bytes) else text.encode())


def places(text: str | bytes) -> list[tuple[str, int, int]]:
    return [(f.code, f.position.line, f.position.column) for f in read(text).faults]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", ("FMT019", 1, 1)),
        (" \n\r\n\t", ("FMT019", 1, 1)),
        ("\ufeff", ("FMT019", 1, 1)),
        ("## Timeline\n", ("FMT001", 1, 1)),
        ("+++\ntitle = 1\n+++\n", ("FMT001", 1, 1)),
        ("\n\n---\ntitle: x\n---\n", ("FMT001", 1, 1)),
        ("hello\n---\ntitle: x\n---\n", ("FMT001", 1, 1)),
        ("title: x\n---\nbody\n", ("FMT001", 1, 1)),
        ("----\ntitle: x\n----\n", ("FMT001", 1, 1)),
        ("--- \ntitle: x\n---\n", ("FMT001", 1, 4)),
        ("---\ntitle: x\n--- \n", ("FMT003", 3, 4)),
        ("---\ntitle: x\n...\nbody\n", ("FMT003", 3, 1)),
        ("---\ntitle: x\n----\nbody\n", ("FMT003", 3, 1)),
        ("---\ntitle: x\n—\nbody\n", ("FMT003", 3, 1)),
        ("---\ntitle: x\n\n## Summary\nbody\n", ("FMT003", 3, 1)),
        ("---\ntitle: x\nseverity: P1\n", ("FMT003", 1, 1)),
        ("---\ntitle: x\n## Summary\nbody text\n---\nmore\n", ("FMT003", 3, 1)),
        ("---", ("FMT003", 1, 1)),
        ("---\ntitle: x\ntitle: y\n---\n", ("FMT004", 3, 1)),
        (b"---\ntitle: caf\xe9\n---\n", ("FMT005", 2, 11)),
        (b"---\ntitle: \xc3\xa9\xed\xa0\x80\n---\n", ("FMT005", 2, 9)),
        (b"\xff\xfe-\x00-\x00", ("FMT005", 1, 1)),
        (b"\xef\xbb\xbf" + GOOD.encode(), ("FMT006", 1, 1)),
        ("---\na: x\x85b: 2\n---\n", ("FMT007", 2, 5)),
        ("---\na: x\u2028b: 2\n---\n", ("FMT007", 2, 5)),
        (GOOD + "\x1b[31mred\n", ("FMT007", 7, 1)),
        (GOOD + "a\x00b\n", ("FMT007", 7, 2)),
        (GOOD + "user\u202etxt.exe\n", ("FMT007", 7, 5)),
        (GOOD + "\u2066x\n", ("FMT007", 7, 1)),
        (GOOD + "pass\u200bword\n", ("FMT007", 7, 5)),
        (GOOD + "a\u200db\n", ("FMT007", 7, 2)),
        (GOOD + "🚀\u200da🚀\n", ("FMT007", 7, 2)),
        (GOOD + "\x02wzxhzdk:0\x03\n", ("FMT007", 7, 1)),
        (GOOD + "one\rtwo\n", ("FMT007", 7, 4)),
        (GOOD.replace("Site", "Site: 500,"), ("FMT008", 2, 8)),
        ("---\na: &x b\n---\n", ("FMT009", 2, 4)),
        ("---\n? [a]\n: b\n---\n", ("FMT010", 2, 3)),
        ("---\n- a\n---\n", ("FMT018", 2, 1)),
        ("---\njust words\n---\n", ("FMT018", 2, 1)),
        (b"x" * 10_000_000, ("FMT012", 1, 1)),
        ("---\na: " + "[" * 100_000 + "\n---\n", ("FMT012", 2, 23)),
        (GOOD + "x" * 20_001, ("FMT012", 7, 1)),
        (GOOD + "[" * 600, ("FMT012", 7, 1)),
        (GOOD + "![](\n" * 600, ("FMT012", 507, 1)),
        (GOOD + "[" * 100_000, ("FMT012", 7, 1)),
        (GOOD + "<a " * 600, ("FMT012", 7, 1)),
        (GOOD + "[^1] " * 400, ("FMT012", 7, 1)),
        (GOOD + "1. " * 30, ("FMT012", 7, 1)),
        (GOOD + " " * 120 + "- x\n", ("FMT012", 7, 1)),
        (GOOD + "# a\n" * 2_000, ("FMT012", 1506, 1)),
        (GOOD + "- \n" * 2_000, ("FMT012", 1506, 1)),
    ],
)
def test_one_mistake_is_one_fault_at_its_place(
    data: str | bytes, expected: tuple[str, int, int]
) -> None:
    assert places(data) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.rstrip("\n"),
        GOOD.replace("title: Site down\n", "title: Site down\r\n"),
        GOOD + "Team: 👩‍🚀 👨‍👩‍👧 ❤️‍🔥\n",
        GOOD + "```\n<<<<<<< HEAD\n=======\n>>>>>>> x\n```\n",
        GOOD + "Title\n=======\n",
        GOOD + "```json\n" + "[\n" * 800 + "```\n",
        GOOD + "- [x] [a](b), [c][d], [e]\n" * 900,
        GOOD + "- - -\n" + "- " * 30 + "\n",
        GOOD + "----\n...\n",
        "---\n---\n",
    ],
)
def test_what_is_well_formed_has_no_fault(text: str) -> None:
    assert read(text).faults == ()
    assert read(text).readable


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("\ufeff" + GOOD, GOOD),
        ("\n\n" + GOOD, GOOD),
        (GOOD.removeprefix("---\n"), GOOD),
        (GOOD.replace("---\n", "---  \n", 1), GOOD),
        (GOOD.replace("\n---\n", "\n----\n"), GOOD),
        (GOOD.replace("\n---\n", "\n...\n"), GOOD),
        (GOOD.replace("\n---\n", "\n---\t\n"), GOOD),
        (GOOD.replace("\n---\n", "\n"), GOOD),
        (GOOD.replace("down", "do\u200bwn").replace("Detected", "Det\u202eected\x1b"), GOOD),
        ("\ufeff" + GOOD.replace("Site down", "@site"), GOOD.replace("Site down", '"@site"')),
        (
            GOOD.replace("\n", "\r\n").replace("Site", "a: b"),
            GOOD.replace("\n", "\r\n").replace("Site down", '"a: b down"'),
        ),
    ],
)
def test_the_fixes_together_make_the_file_good(text: str, mended: str) -> None:
    fixed = apply(text, [edit for fault in read(text).faults for edit in fault.fix])
    assert fixed == mended
    assert read(fixed).faults == ()


def test_a_character_is_named_and_counted_and_never_shown_raw() -> None:
    (fault,) = read(GOOD + "a\u202eb\u202c\n").faults
    assert "U+202E (RIGHT-TO-LEFT OVERRIDE)" in fault.message
    assert "1 more on this line" in fault.message
    assert fault.message.isprintable()


def test_faults_of_characters_are_capped_and_the_rest_is_counted() -> None:
    text = GOOD + "a\u200bb\n" * 50
    faults = read(text).faults
    assert len(faults) == 20
    assert faults[-1].note == "and 30 more lines with such characters"
    assert apply(text, [e for f in faults for e in f.fix]) == GOOD + "ab\n" * 50


def test_a_hidden_character_in_the_body_leaves_the_record_readable_a_control_does_not() -> None:
    assert read(GOOD + "pass\u200bword\n").readable
    assert not read(GOOD + "\x02\n").readable
    assert not read(GOOD.replace("P0", "P0\u200b")).readable


CONFLICT = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (GOOD.replace("severity: P0\n", CONFLICT.format("severity: P0", "severity: P1")), [3]),
        (GOOD + CONFLICT.format("- 14:06 - a", "- 14:06 - b"), [7]),
        (GOOD + CONFLICT.format("a", "b") + "\n" + CONFLICT.format("c", "d"), [7, 13]),
        (GOOD + "<<<<<<< HEAD\na\n||||||| base\n=======\nb\n>>>>>>> x\n", [7]),
        (CONFLICT.format(GOOD, GOOD), [1]),
        (GOOD + "a\n>>>>>>> other\n", [8]),
        (GOOD + "<<<<<<< HEAD\n", [7]),
        (GOOD.replace("\n", "\r\n") + "<<<<<<< HEAD\r\na\r\n=======\r\n>>>>>>> b\r\n", [7]),
    ],
)
def test_row_28_a_merge_conflict_is_one_fault_and_comes_alone(text: str, lines: list[int]) -> None:
    document = read(text)
    assert [(f.code, f.position.line) for f in document.faults] == [("FMT013", n) for n in lines]
    assert not document.readable


def test_sections_hold_items_prose_and_subsections() -> None:
    document = read(
        "---\ntitle: x\n---\nBefore.\n\n## Timeline\nTaken from [it](a.md).\n- 14:05 - One\n"
        "  goes on\n* 14:06 - Two\n\n### 2026-11-04\n1. Three\n\n## Updates ##\n\n"
        "### 2026-11-03 14:20 - Fixing\nA paragraph.\n- Impact: none\n#### Deep\ntext\n"
    )
    timeline, updates = document.sections
    assert (timeline.level, timeline.title, timeline.position) == (2, "Timeline", Position(6, 1))
    assert [line.text for line in timeline.prose] == ["Taken from [it](a.md)."]
    assert [item.text for item in timeline.items] == ["14:05 - One", "14:06 - Two"]
    assert [line.text for line in timeline.items[0].continuation] == ["goes on"]
    assert [item.text for item in timeline.all_items] == ["14:05 - One", "14:06 - Two", "Three"]
    assert (timeline.first_line, timeline.last_line) == (6, 14)
    assert updates.title == "Updates"
    (fixing,) = updates.subsections
    assert (fixing.title, fixing.title_position) == ("2026-11-03 14:20 - Fixing", Position(17, 5))
    assert [s.title for s in fixing.subsections] == ["Deep"]
    assert document.section("TIMELINE") is timeline
    assert document.section("Deep") is None


def test_code_and_comments_hold_no_headings_and_no_items() -> None:
    document = read(
        "---\ntitle: x\n---\n## Summary\n<!-- Write here:\n## Not a heading\n- not an item\n-->\n"
        "```\n## Nor this\n- nor that\n```\n- 14:05 - A <!-- incident: ok TML001 late --> \n"
    )
    (summary,) = document.sections
    assert [item.text for item in summary.items] == ["14:05 - A"]
    assert [line.text for line in summary.prose if not line.code] == []
    assert [comment.position for comment in document.comments] == [Position(5, 1), Position(13, 13)]
    assert document.comments[1].text == "incident: ok TML001 late"
    assert document.comments[1].end == Position(13, 46)


def test_a_section_with_only_a_hint_is_empty() -> None:
    document = read("---\ntitle: x\n---\n## Summary\n\n<!-- what happened? -->\n\n## Impact\nyes\n")
    assert [section.is_empty for section in document.sections] == [True, False]


@pytest.mark.parametrize("opening", ["```", "~~~", "<!-- open"])
def test_what_is_never_closed_hides_nothing(opening: str) -> None:
    document = read(f"---\ntitle: x\n---\n## A\n{opening}\n## B\n- item\n")
    assert [section.title for section in document.sections] == ["A", "B"]


def test_rules_are_no_items_and_nested_items_know_their_depth() -> None:
    document = read("---\na: b\n---\n## A\n- one\n\t- two\n    * three\n- - -\n***\n-\n")
    assert [(i.text, i.indent, i.marker) for i in document.sections[0].items] == [
        ("one", 0, "-"),
        ("two", 4, "-"),
        ("three", 4, "*"),
        ("", 0, "-"),
    ]


def test_offsets_point_at_the_character_that_a_position_names() -> None:
    document = read("\ufeff---\r\ntitle: é x\r\n---\r\n")
    offset = document.offset(Position(2, 8))
    assert document.text[offset : offset + 3] == "é x"
    assert document.offset(Position(99, 1)) == len(document.text)
    assert document.line_text(2) == "title: é x"
    assert document.line_text(99) == ""
    assert document.newline == "\r\n"


@pytest.mark.parametrize(
    "body", ["[" * 250_000, "```\n" * 60_000, "<!--\n" * 50_000, "- x\n" * 60_000, "    " * 60_000]
)
def test_a_hostile_body_is_read_in_bounded_time(body: str) -> None:
    before = time.process_time()
    document = read(GOOD + body)
    assert document.sections is not None
    assert time.process_time() - before < 2


def test_a_fault_becomes_a_finding_and_findings_sort_by_place() -> None:
    fault = Fault(code="FMT004", message="twice", position=Position(3, 1), help="delete one")
    late = fault.finding(path="b.md", name="duplicate-key")
    early = fault.finding(path="a.md", name="duplicate-key", level=Level.WARNING)
    assert sorted([late, early]) == [early, late]
    assert (early.level, early.fixable, early.line) == ("warning", False, 3)


PIECES = (
    *("---\n", "title: x\n", "a: [b\n", "## T\n", "### S\n", "- x\n", "  y\n", "```\n", "~~~\n"),
    *("<!--", "-->", "`", "\n", "\r\n", "\r", "\ufeff", "\x00", "\u200b", "é", " ", "\t"),
    *("<<<<<<< a\n", ">>>>>>> b\n", "text\n", "- [ ] b (n)\n"),
)
markdown_like = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=80), markdown_like.map(str.encode)))
def test_no_bytes_raise_and_every_place_lies_in_the_file(data: bytes) -> None:
    document = read(data)
    assert document.readable == (document.front is not None)
    assert document.readable or document.faults
    for fault in document.faults:
        lines = document.text.removeprefix("\ufeff").split("\n")
        assert 1 <= fault.position.line <= len(lines)
        assert 1 <= fault.position.column <= len(lines[fault.position.line - 1]) + 1
        if document.text.encode("utf-8", "replace") == data:
            apply(document.text, fault.fix)


@settings(max_examples=300)
@given(markdown_like)
def test_what_a_section_holds_stands_at_its_position(body: str) -> None:
    document = read("---\ntitle: x\n---\n## A\n" + body)
    for section in document.sections:
        assert document.line_text(section.position.line).startswith("#" * section.level)
        for item in section.all_items:
            at = item.text_position
            assert document.line_text(at.line).startswith(item.text[:1], at.column - 1)
            assert (
                document.line_text(item.position.line)[item.position.column - 1] in "-*+0123456789"
            )
        for line in section.prose:
            at = line.position
            assert document.line_text(at.line).startswith(line.text[:1], at.column - 1)


@pytest.mark.parametrize(
    "body",
    [
        "[" * 490,
        "![a](" * 490,
        "![a][" * 245,
        "[a](<b " * 490,
        "<![CDATA[" * 245,
        "<a " * 490,
        "[^1] " * 290,
        "# a\n" * 1_490,
        "a\n=\n" * 1_490,
        "- \n" * 1_490,
        "!!! a\n" * 1_490,
        "1. " * 20 + "a\n",
        "\n".join(" " * 4 * depth + "- a" for depth in range(25)),
    ],
)
def test_row_15_a_body_just_within_the_limits_is_shown_in_bounded_time(body: str) -> None:
    assert read(GOOD + "\n" + body).readable
    render = import_module("markdown").markdown
    before = time.process_time()
    render(body, extensions=["toc", "tables", "footnotes", "admonition", "pymdownx.superfences"])
    assert time.process_time() - before < 3
