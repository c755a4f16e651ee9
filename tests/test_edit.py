"""Edits change the lines they must and no other byte, and are read back as asked."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from incident_tracker.finding import Edit
from incident_tracker.text import edit
from incident_tracker.text.characters import clean
from incident_tracker.text.document import Document, read_document
from incident_tracker.text.yaml_nodes import Mapping, Scalar, Sequence
from incident_tracker.text.yaml_reader import read_yaml

RECORD = """---
# who and what
title: 'Site down'   # as declared
severity: P0
components: {website: major_outage}
roles:  # by name
  ic: finn
  scribe: dana # until five
# closing
closed_at:
summary: |
  one
  two

protocol: 2.0.0
---
## Timeline
- 14:05 - Detected

## Checklist
- [ ] Functionality restored
"""
ORDER = ("title", "severity", "status", "components", "roles", "closed_at", "summary", "protocol")
SECTIONS = ("Summary", "Impact", "Timeline", "Updates", "Checklist", "Action Items")


def read(text: str) -> Document:
    document = read_document("incidents/x.md", text.encode())
    assert document.readable, document.faults
    return document


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came, the common ones at both ends left out."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return old, new


def set_field(text: str, key: str, value: str) -> str:
    return edit.apply(text, edit.set_field(read(text), key, value, order=ORDER))


@pytest.mark.parametrize(
    ("key", "value", "gone", "come"),
    [
        ("severity", "P1", ["severity: P0\n"], ["severity: P1\n"]),
        ("title", "x", ["title: 'Site down'   # as declared\n"], ["title: x   # as declared\n"]),
        ("closed_at", "now", ["closed_at:\n"], ["closed_at: now\n"]),
        ("components", "[a]", ["components: {website: major_outage}\n"], ["components: [a]\n"]),
        (
            "roles",
            "{ic: bo}",
            ["roles:  # by name\n", "  ic: finn\n", "  scribe: dana # until five\n"],
            ["roles: {ic: bo}  # by name\n"],
        ),
        ("summary", "three", ["summary: |\n", "  one\n", "  two\n"], ["summary: three\n"]),
        ("status", "closed", [], ["status: closed\n"]),
        ("ticket", "T-1", [], ["ticket: T-1\n"]),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_setting_a_field_changes_its_own_lines_only(
    newline: str, key: str, value: str, gone: list[str], come: list[str]
) -> None:
    text = RECORD.replace("\n", newline)
    result = set_field(text, key, value)
    lines = [[line.replace("\n", newline) for line in side] for side in (gone, come)]
    assert list(changed(text, result)) == lines
    assert read(result).front is not None


def test_a_new_field_stands_in_front_of_the_first_that_comes_later_and_of_its_comment() -> None:
    with_status = set_field(RECORD, "status", "fixing")
    assert "severity: P0\nstatus: fixing\ncomponents:" in with_status
    bare = RECORD.replace("closed_at:\n", "")
    assert "until five\nclosed_at: x\n# closing\nsummary:" in set_field(bare, "closed_at", "x")
    assert "protocol: 2.0.0\nticket: T-1\n---\n" in set_field(RECORD, "ticket", "T-1")


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("", "status: x\n"),
        ("# only this\n", "# only this\nstatus: x\n"),
        ("{}\n", "{status: x}\n"),
        ("{title: a,}\n", "{status: x, title: a,}\n"),
        ("  title: a\n", "  title: a\n  status: x\n"),
        ('"status" : y\n', '"status" : x\n'),
        ("status: a\n  b\n  c\n", "status: x\n"),
        ("status:\n- a\n- b\nkind: c\n", "status: x\nkind: c\n"),
    ],
)
def test_fields_are_set_in_front_matter_of_any_form(front: str, expected: str) -> None:
    assert set_field(f"---\n{front}---\nbody\n", "status", "x") == f"---\n{expected}---\nbody\n"


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("a: 1\nstatus: x # c\nb: 2\n", "a: 1\nb: 2\n"),
        ("a: 1\nstatus:\n  - x\n  - y\n# c\nb: 2\n", "a: 1\n# c\nb: 2\n"),
        ("status: x\n", ""),
        ("{a: 1, status: x, b: 2}\n", "{a: 1, b: 2}\n"),
        ("{a: 1, status: x}\n", "{a: 1}\n"),
        ("{status: x}\n", "{}\n"),
        ("a: 1\n", "a: 1\n"),
    ],
)
def test_a_removed_field_takes_its_lines_along(front: str, expected: str) -> None:
    text = f"---\n{front}---\nbody\n"
    assert (
        edit.apply(text, edit.remove_field(read(text), "status")) == f"---\n{expected}---\nbody\n"
    )


def test_a_document_without_front_matter_cannot_get_a_field() -> None:
    document = read_document("x.md", b"no front matter\n")
    with pytest.raises(ValueError, match=r"x\.md has no front matter"):
        edit.set_field(document, "status", "x")


def test_edits_that_overlap_are_refused_and_those_at_one_place_keep_their_order() -> None:
    assert edit.apply("abc", [Edit(1, 1, "x"), Edit(1, 2, "y"), Edit(1, 1, "z")]) == "axzyc"
    with pytest.raises(ValueError, match="overlaps"):
        edit.apply("abc", [Edit(0, 2, "x"), Edit(1, 3, "y")])
    with pytest.raises(ValueError, match="leaves the text"):
        edit.apply("abc", [Edit(2, 4, "x")])


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("---\n---\na\nb\n", 3, "---\n---\na\nNEW\nb\n"),
        ("---\n---\na\nb\n", 4, "---\n---\na\nb\nNEW\n"),
        ("---\n---\na\nb", 4, "---\n---\na\nb\nNEW"),
        ("---\r\n---\r\na", 3, "---\r\n---\r\na\r\nNEW"),
        ("---\r\n---\r\na\r\n", 2, "---\r\n---\r\nNEW\r\na\r\n"),
    ],
)
def test_lines_are_inserted_with_the_line_ends_of_the_file(
    text: str, after: int, expected: str
) -> None:
    assert edit.apply(text, edit.insert_lines(read(text), after, ["NEW"])) == expected


def append(body: str, title: str, *lines: str) -> str:
    text = "---\n---\n" + body
    result = edit.apply(text, edit.append_to_section(read(text), title, lines, SECTIONS))
    return result.removeprefix("---\n---\n")


def test_lines_are_added_at_the_end_of_their_section() -> None:
    body = "## Timeline\n- a\n\n## Checklist\n- c"
    assert append(body, "timeline", "- b") == "## Timeline\n- a\n- b\n\n## Checklist\n- c"
    assert append(body, "Checklist", "- d") == "## Timeline\n- a\n\n## Checklist\n- c\n- d"
    assert append("## Timeline\n\n\n", "Timeline", "- b") == "## Timeline\n- b\n\n\n"
    assert append("## Updates\n### A\na\n", "Updates", "### B", "b") == (
        "## Updates\n### A\na\n\n### B\nb\n"
    )
    assert append("## Updates\n", "Updates", "### B") == "## Updates\n### B\n"


def test_a_missing_section_is_made_where_it_belongs() -> None:
    body = "## Timeline\n- a\n\n## Checklist\n- c\n"
    assert append(body, "Summary", "s") == "## Summary\ns\n\n" + body
    assert append(body, "Updates", "u") == (
        "## Timeline\n- a\n\n## Updates\nu\n\n## Checklist\n- c\n"
    )
    assert append(body, "Action Items", "x") == body + "\n## Action Items\nx\n"
    assert append(body + "\n\n", "Other", "x") == body + "\n## Other\nx\n\n\n"
    assert append("", "Timeline", "- a") == "## Timeline\n- a\n"
    assert append("- x", "Timeline", "- a") == "- x\n\n## Timeline\n- a"


def body_of(body: str, title: str, text: str) -> str:
    whole = "---\n---\n" + body
    result = edit.apply(whole, edit.set_section_body(read(whole), title, text, SECTIONS))
    return result.removeprefix("---\n---\n")


def test_the_body_of_a_section_is_replaced_and_the_blank_lines_around_it_stay() -> None:
    body = "## Summary\n\nold\ntext\n\n## Timeline\n- a\n"
    assert body_of(body, "Summary", "new\n") == "## Summary\n\nnew\n\n## Timeline\n- a\n"
    assert body_of(body, "Summary", "") == "## Summary\n\n\n## Timeline\n- a\n"
    assert (
        body_of(body, "Timeline", "- b\n- c")
        == "## Summary\n\nold\ntext\n\n## Timeline\n- b\n- c\n"
    )
    assert body_of("## Summary\n", "Summary", "new") == "## Summary\nnew\n"
    assert body_of(body, "Impact", "all") == (
        "## Summary\n\nold\ntext\n\n## Impact\nall\n\n## Timeline\n- a\n"
    )


def test_a_replaced_body_has_the_line_ends_of_the_file() -> None:
    text = "---\r\n---\r\n## Summary\r\nold\r\n"
    edits = edit.set_section_body(read(text), "Summary", "a\nb")
    assert edit.apply(text, edits) == "---\r\n---\r\n## Summary\r\na\r\nb\r\n"


@pytest.mark.parametrize(
    ("line", "ticked", "note", "expected"),
    [
        ("- [ ] No new errors", True, None, "- [x] No new errors"),
        ("* [X] No new errors (log)", False, None, "* [ ] No new errors (log)"),
        ("- [ ] No new errors", True, "n/a: text only", "- [x] No new errors (n/a: text only)"),
        ("- [x] No new errors (a (b) c)", True, "d", "- [x] No new errors (d)"),
        ("- [x] No new errors (a)", True, "", "- [x] No new errors"),
        ("- [ ] No errors <!-- ok -->", True, "a\n b", "- [x] No errors (a b) <!-- ok -->"),
        ("- [x] No new errors", True, None, "- [x] No new errors"),
    ],
)
def test_a_box_is_ticked_with_its_note(
    line: str, note: str | None, expected: str, *, ticked: bool
) -> None:
    text = f"---\n---\n{line}\nnext\n"
    edits = edit.tick_box(read(text), 3, ticked=ticked, note=note)
    assert edit.apply(text, edits) == f"---\n---\n{expected}\nnext\n"


def test_the_parentheses_of_a_known_box_are_no_note() -> None:
    text = "---\n---\n- [ ] Told all (on call)\n"
    edits = edit.tick_box(read(text), 3, ticked=True, note="14:05", box="told all (on call)")
    assert edit.apply(text, edits) == "---\n---\n- [x] Told all (on call) (14:05)\n"


def test_what_is_no_box_cannot_be_ticked() -> None:
    with pytest.raises(ValueError, match="line 3 is no box"):
        edit.tick_box(read("---\n---\n- [] x\n"), 3, ticked=True)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Site down", "Site down"),
        ("2026-11-03T14:05-06:00", "2026-11-03T14:05-06:00"),
        ("-06:00", "-06:00"),
        ("2.0.0", "2.0.0"),
        ("it's", "it's"),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("a:", '"a:"'),
        ("", '""'),
        ("null", '"null"'),
        ("No", '"No"'),
        (" a", '" a"'),
        ("@asha", '"@asha"'),
        ('"q"', '"\\"q\\""'),
        ("a\nb", '"a\\nb"'),
    ],
)
def test_a_scalar_is_quoted_only_when_it_must_be(value: str, written: str) -> None:
    assert edit.scalar(value) == written


def test_text_with_forbidden_characters_cannot_be_written() -> None:
    with pytest.raises(ValueError, match=r"<U\+202E>"):
        edit.scalar("a\u202eb")


signs = st.text(st.sampled_from([*"ab:-?[]{},#&*!|>'\"%@`\\~=<. \t\n/é😀0"]), max_size=12)
texts = st.one_of(signs, st.text(max_size=20)).filter(clean)


@settings(max_examples=300)
@given(
    value=texts, values=st.lists(texts, max_size=4), keys=st.lists(signs, max_size=3, unique=True)
)
def test_what_is_written_is_read_back_unchanged(
    value: str, values: list[str], keys: list[str]
) -> None:
    pairs = dict(zip(keys, values, strict=False))
    text = f"a: {edit.scalar(value)}\nb: {edit.flow_list(values)}\nc: {edit.flow_map(pairs)}\n"
    root, faults = read_yaml(text)
    assert faults == ()
    assert root is not None
    scalar, listed, mapped = (entry.value for entry in root.entries)
    assert isinstance(scalar, Scalar)
    assert isinstance(listed, Sequence)
    assert isinstance(mapped, Mapping)
    assert scalar.text == value
    assert [item.text for item in listed.items if isinstance(item, Scalar)] == values
    assert {
        entry.key.text: entry.value.text
        for entry in mapped.entries
        if isinstance(entry.value, Scalar)
    } == pairs


fields = st.sampled_from(
    [
        "{}: plain text\n",
        "{}: 'quoted' # comment\n",
        "{}:\n",
        "{}: [a, b]\n",
        "{}:\n  x: 1\n  y: [2,\n    3]\n",
        "{}: |\n  # no comment\n  two\n\n",
        "{}: a\n  b\n",
        "# comment\n{}: c\n",
    ]
)


@settings(max_examples=300)
@given(
    shapes=st.lists(fields, max_size=5),
    index=st.integers(0, 6),
    value=texts,
    newline=st.sampled_from(["\n", "\r\n"]),
    body=st.sampled_from(["", "## Timeline\n- a\n", "text", "\n\n## A\n# b\n---\n"]),
)
def test_row_30_a_field_that_was_set_is_read_and_all_else_is_as_it_was(
    shapes: list[str], index: int, value: str, newline: str, body: str
) -> None:
    front = "".join(shape.format(f"k{n}") for n, shape in enumerate(shapes))
    text = f"---\n{front}---\n{body}".replace("\n", newline)
    before = read(text)
    key, order = f"k{index}", [f"k{n}" for n in range(7)]
    result = edit.apply(text, edit.set_field(before, key, edit.scalar(value), order=order))
    after = read(result)
    assert before.front is not None
    assert after.front is not None
    written = after.front.get(key)
    assert isinstance(written, Scalar)
    assert written.text == value
    others = {e.key.text: shape_of(e.value) for e in before.front.entries if e.key.text != key}
    assert others == {
        e.key.text: shape_of(e.value) for e in after.front.entries if e.key.text != key
    }
    assert after.lines[after.body_start :] == before.lines[before.body_start :]
    kept = [line for n, line in enumerate(before.lines) if n not in lines_of(before, key)]
    remaining = iter(after.lines)
    assert all(line in remaining for line in kept)
    assert ("\r" in result) == ("\r" in text)


def shape_of(node: object) -> object:
    if isinstance(node, Sequence):
        return [shape_of(item) for item in node.items]
    if isinstance(node, Mapping):
        return [(entry.key.text, shape_of(entry.value)) for entry in node.entries]
    assert isinstance(node, Scalar)
    return node.text


def lines_of(document: Document, key: str) -> range:
    entry = document.front.entry(key) if document.front else None
    return range(entry.key.position.line - 1, entry.value.end.line) if entry else range(0)


@settings(max_examples=200)
@given(
    body=st.lists(
        st.sampled_from(["## Summary\n", "## Updates\n", "### x\n", "- a\n", "text\n", "\n"]),
        max_size=8,
    ).map("".join),
    title=st.sampled_from(SECTIONS),
    lines=st.lists(st.sampled_from(["- b", "words", "- [ ] c"]), min_size=1, max_size=3),
    final=st.booleans(),
)
def test_appended_lines_stand_last_in_their_section_and_nothing_else_moves(
    body: str, title: str, lines: list[str], *, final: bool
) -> None:
    text = "---\na: b\n---\n" + (body if final else body.removesuffix("\n"))
    assume(text.endswith("\n") or not final)
    before = read(text)
    edits = edit.append_to_section(before, title, lines, SECTIONS)
    result = edit.apply(text, edits)
    section = read(result).section(title)
    assert section is not None
    filled = [line for line in result.split("\n")[section.first_line : section.last_line] if line]
    assert filled[-len(lines) :] == lines
    assert all(line == line.rstrip() for line in result.split("\n"))
    (only,) = edits
    assert only.start == only.end
