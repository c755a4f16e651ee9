"""What becomes of one file of a tracker, and of its protocol, in front of a newer version."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from incident_tracker.text.yaml_reader import DEFAULT
from incident_tracker.upgrading.files import Clash, Kind, Step, There, united
from incident_tracker.upgrading.marker import MadeBy, read_marker
from incident_tracker.upgrading.protocols import brought

PATH = "README.md"
SHIPPED = (ROOT / "protocol" / "protocol.yml").read_text("utf-8")
WATCH = "watch: {least: 30m,", "watch: {least: 45m,"
NOTE = ("As shipped", date(2026, 12, 1))
TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "# x"]), max_size=8).map("\n".join)


@given(TEXTS, TEXTS, TEXTS)
def test_a_file_once_brought_along_is_left_in_peace(base: str, ours: str, new: str) -> None:
    made = united(PATH, base.encode(), ours.encode(), new.encode())
    if isinstance(made, Step):
        assert made.content != ours.encode()
        assert united(PATH, new.encode(), made.content, new.encode()) is None


@given(TEXTS, TEXTS)
def test_what_nobody_changed_becomes_the_new_text_and_what_only_the_team_changed_stays(
    base: str, other: str
) -> None:
    made = united(PATH, base.encode(), base.encode(), other.encode())
    assert (
        made is None if base == other else isinstance(made, Step) and made.content == other.encode()
    )
    assert united(PATH, base.encode(), other.encode(), base.encode()) is None


@given(TEXTS, TEXTS, TEXTS)
def test_line_ends_of_windows_change_nothing_but_themselves(base: str, ours: str, new: str) -> None:
    plain = united(PATH, base.encode(), ours.encode(), new.encode())
    made = united(PATH, base.encode(), windows(ours), new.encode())
    if isinstance(plain, Step) and "\n" in ours:
        assert isinstance(made, Step)
        assert made.content == plain.content.replace(b"\n", b"\r\n")
    elif "\n" in ours:
        assert type(made) is type(plain)


def windows(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("ours", "why"),
    [
        (b"a\r\nb\n", "it mixes two kinds of line ends"),
        (b"\0\1\2", "it is no text"),
        (b"other\n", "you changed the same lines"),
    ],
)
def test_what_cannot_be_brought_together_is_left_to_people(ours: bytes, why: str) -> None:
    found = united(PATH, b"a\n", ours, b"c\n")
    assert found == Clash(path=PATH, why=why, before=b"a\n", after=b"c\n")


def test_bytes_that_are_no_utf_8_stay_as_they_are() -> None:
    found = united(PATH, b"a\nb\nc\n", b"a\nb\nc\n\xff\n", b"A\nb\nc\n")
    assert isinstance(found, Step)
    assert (found.kind, found.content) == (Kind.MERGE, b"A\nb\nc\n\xff\n")


def changed(text: str, *pairs: tuple[str, str]) -> bytes:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text.encode()


def raised(version: str = "2.1.0") -> tuple[str, str]:
    return "\nversion: 2.0.0\n", f"\nversion: {version}\n"


NEWER = changed(SHIPPED, WATCH, raised())


def bring(ours: bytes, new: bytes = NEWER, kept: dict[str, There] | None = None) -> list[Step]:
    made = brought(SHIPPED.encode(), ours, new, kept or {}, NOTE)
    assert not isinstance(made, Clash), made.why
    return made


def clash(ours: bytes, new: bytes = NEWER, kept: dict[str, There] | None = None) -> str:
    made = brought(SHIPPED.encode(), ours, new, kept or {}, NOTE)
    assert isinstance(made, Clash)
    return made.why


def version_of(step: Step) -> str:
    (line,) = (line for line in step.content.decode().splitlines() if line.startswith("version:"))
    return line.removeprefix("version: ")


def test_the_version_before_is_kept_first_then_the_new_one_is_written() -> None:
    keep, write = bring(SHIPPED.encode())
    assert keep.path == "protocol/versions/2.0.0.yml"
    assert keep.content == changed(SHIPPED, ("=../schema/", "=../../schema/"))
    assert (write.path, version_of(write)) == ("protocol/protocol.yml", "2.1.0")
    assert b"watch: {least: 45m," in write.content
    assert bring(write.content, kept={keep.path: There(content=keep.content)}) == []


@pytest.mark.parametrize(
    ("mine", "taken", "next_"),
    [
        ("3.4.0", [], "3.5.0"),
        ("3.4.2", [], "3.5.0"),
        ("3.4.0", ["3.5.0"], "3.6.0"),
        ("2.0.0", ["2.1.0"], "2.2.0"),
    ],
)
def test_a_team_with_numbers_of_its_own_gets_its_own_next_one(
    mine: str, taken: list[str], next_: str
) -> None:
    kept = {f"protocol/versions/{version}.yml": There(content=b"") for version in taken}
    ours = changed(SHIPPED, raised(mine)) if mine != "2.0.0" else SHIPPED.encode()
    keep, write = bring(ours, kept=kept)
    assert keep.path == f"protocol/versions/{mine}.yml"
    assert version_of(write) == next_
    assert f"note: {NOTE[0]}".encode() in write.content


def test_words_that_judge_nothing_raise_no_version() -> None:
    new = changed(SHIPPED, ("about: the public site", "about: the site for all"))
    (step,) = bring(SHIPPED.encode(), new)
    assert step.why == "no rule changes, so its version stays"
    assert step.content == new


def test_a_number_that_both_changed_waits_and_the_team_s_stays() -> None:
    ours = changed(SHIPPED, ("watch: {least: 30m,", "watch: {least: 40m,"))
    assert clash(ours) == "you changed the same lines"


def test_a_protocol_that_cannot_be_read_or_would_not_be_waits() -> None:
    assert clash(b"version: [\n").startswith("it cannot be read: line ")
    assert clash(b"\xff").startswith("it cannot be read: it is not UTF-8")
    assert clash(SHIPPED.encode(), b"version: [\n").startswith("it cannot be read: line ")
    # Here somebody else approves, and there the one of that name is told of more.
    ours = SHIPPED.replace("campaign manager", "director").encode()
    new = SHIPPED.replace("[on-call team, team lead]", "[campaign manager, team lead]", 1).encode()
    assert clash(ours, new).startswith("merged, it would be wrong: line ")


def test_another_file_in_the_place_of_the_version_to_keep_is_never_written_over() -> None:
    path = "protocol/versions/2.0.0.yml"
    why = f"{path} is there already, and holds something else"
    assert clash(SHIPPED.encode(), kept={path: There(content=b"mine")}) == why


def test_a_protocol_with_line_ends_of_windows_keeps_them() -> None:
    keep, write = bring(windows(SHIPPED))
    for step in (keep, write):
        assert step.content.count(b"\r\n") == step.content.count(b"\n") > 100
    assert bring(write.content, kept={keep.path: There(content=keep.content)}) == []


def test_a_history_in_brackets_or_none_is_left_as_it_is() -> None:
    lines = SHIPPED.splitlines(keepends=True)
    start = lines.index("history:\n")
    lines[start : start + 3] = ["history: [{version: 2.0.0, date: 2025-11-05, note: x}]\n"]
    _, write = bring("".join(lines).encode())
    assert b"history: [{version: 2.0.0, date: 2025-11-05, note: x}]\n" in write.content
    assert version_of(write) == "2.1.0"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_history_at_the_end_of_the_file_without_a_line_end_gets_a_line_of_its_own(
    newline: str,
) -> None:
    lines = SHIPPED.splitlines()
    start = lines.index("history:")
    last = lines[start : start + 3]
    lines[start : start + 3] = []
    ours = newline.join([*lines, *last])
    _, write = bring(ours.encode())
    added = f"  - {{version: 2.1.0, date: 2026-12-01, note: {NOTE[0]}}}"
    assert write.content.decode().split(newline)[-4:] == [*last, added]


def test_a_protocol_that_could_not_be_read_with_its_version_raised_waits() -> None:
    ours = SHIPPED.encode()
    remark = b"#" * (DEFAULT.characters - len(SHIPPED) - 1) + b"\n"
    assert clash(ours + remark).startswith("with its version raised, it would be wrong: line 1: ")


def test_who_made_a_tracker_is_read_as_it_was_written() -> None:
    for made in (
        MadeBy(version="1.0.0"),
        MadeBy(version="1.0.0", day=date(2026, 1, 2), waiting={"a b.yml": "0.9.0", "c": "1.0.0"}),
        MadeBy(
            version="0.9.0",
            waiting={"a": "0.9.0"},
            towards="1.0.0",
            writing={"b": "ab12" * 16},
        ),
    ):
        assert read_marker(made.text) == (made, ())
    found, faults = read_marker("version: 0.9.0\ntowards: soon\n")
    assert found is None
    assert [fault.message for fault in faults] == ["a version has three numbers"]


@pytest.mark.parametrize(
    "written",
    [
        "'a\"b': x",
        "'a\\b': x",
        "'a: b': 'c: d'",
        "'#': ''",
        "a: '\"'",
        '"a\\nb": "c\\nd"',
        '"a\\tb": "\\\\"',
        "'': ''",
        "a: '<!-- x -->'",
        "'<!-- x': '- x'",
        "é: 停电",
        "a: |\n    b\n    c",
    ],
)
def test_what_a_stranger_wrote_of_an_upgrade_is_read_again_as_it_was(written: str) -> None:
    found, faults = read_marker(f"version: 0.9.0\ntowards: 1.0.0\nwriting:\n  {written}\n")
    assert found is not None, faults
    assert found.writing
    assert read_marker(found.text) == (found, ())
