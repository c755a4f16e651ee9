"""Every declared format on findings, file names and records that were written to break it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import ROOT, Tracker

from incident_tracker.check import Report
from incident_tracker.cli._reporting import print_report
from incident_tracker.examples import good_files
from incident_tracker.finding import Finding, Level
from incident_tracker.formats.declare import DEFAULT, Piece, Style, View, report_formats
from incident_tracker.formats.machine import dump
from runner import PATHS, RAW, TEXTS, commands, hostile_report

INCIDENT = "incidents/2026/2026-03-02-good.md"
ALL = View(facts=True, strict=True, rule_page="https://example.org/rules/{family}.html")
EVERY_FORMAT = pytest.mark.parametrize("form", report_formats())
EVERYWHERE = pytest.mark.parametrize("actions", ["true", ""])


def refused(constant: str) -> float:
    raise AssertionError(constant)


def strict_json(text: str) -> object:
    """What strict JSON in ASCII holds; half a surrogate pair is none."""
    assert text.isascii()
    found: object = json.loads(text, parse_constant=refused)
    dump(found).encode("utf-8")
    json.dumps(found, ensure_ascii=False).encode("utf-8")
    return found


def json_lines(text: str) -> object:
    return [strict_json(line) for line in text.splitlines()]


PARSERS: dict[str, Callable[[str], object]] = {
    "json": strict_json,
    "gitlab": strict_json,
    "sarif": strict_json,
    "jsonl": json_lines,
    "rdjsonl": json_lines,
    "junit": ET.fromstring,
}


def written(form: str, report: Report, view: View) -> list[Piece]:
    """What a format gives, before it leaves through the one way out."""
    given_ = report_formats()[form].write(report, view)
    return [Piece(given_)] if isinstance(given_, str) else list(given_)


@EVERYWHERE
@EVERY_FORMAT
def test_row_18_a_hostile_report_is_printed_harmlessly_and_can_be_read(
    form: str, actions: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", actions)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    print_report(hostile_report(), form, ALL)
    out = capsys.readouterr().out
    assert not RAW.search(out)
    # At home a line that a runner would obey stands as it is, in what people read.
    read = commands(out) if actions or form in {*PARSERS, "github"} else []
    assert {command.name for command in read} == (
        {"error", "warning", "notice"} if form == "github" else set()
    )
    assert {command.properties["file"] for command in read} <= set(PATHS)
    if form in PARSERS:
        PARSERS[form](out)


@pytest.mark.parametrize("form", PARSERS)
def test_what_a_program_reads_is_not_changed_on_its_way_out(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    print_report(hostile_report(), form, ALL)
    assert (
        capsys.readouterr().out
        == "".join(p.text for p in written(form, hostile_report(), ALL)) + "\n"
    )


@pytest.mark.parametrize("path", PATHS)
def test_row_17_the_runner_reads_each_path_as_it_is(path: str) -> None:
    finding = Finding(
        path=path, line=7, column=1, code="FMT002", name="x", level=Level.ERROR, message="m"
    )
    view = View(prefix="ops:a,b%/")
    (piece, _) = written("github", Report(findings=(finding,)), view)
    assert piece.style is Style.COMMAND
    assert [found.properties["file"] for found in commands(piece.text)] == [f"ops:a,b%/{path}"]


@EVERY_FORMAT
def test_the_worst_comes_first(form: str) -> None:
    levels = {"a.md": Level.FACT, "b.md": Level.WARNING, "d.md": Level.ERROR, "c.md": Level.ERROR}
    found = tuple(
        Finding(path=path, line=1, column=1, code="FMT002", name="x", level=level, message="m")
        for path, level in levels.items()
    )
    texts = dict.fromkeys(["0.md", *levels], "")
    text = "".join(p.text for p in written(form, Report(findings=found, texts=texts), ALL))
    places = re.findall(r"\b([a-d])\.md", text)
    assert list(dict.fromkeys(places)) == ["c", "d", "b", "a"]


@pytest.mark.parametrize("form", PARSERS)
@given(text=st.text(st.characters(codec=None, categories=None)), path=st.text(min_size=1))
def test_no_text_breaks_what_a_program_reads(form: str, text: str, path: str) -> None:
    finding = Finding(
        path=path, line=1, column=2, code="FMT002", name="x", level=Level.ERROR,
        message=text, help=text, note=text, source=text,
    )  # fmt: skip
    said = "".join(p.text for p in written(form, Report(findings=(finding,)), ALL))
    assert commands(said) == []
    assert not RAW.search(said)
    PARSERS[form](said)


def shown_by_a_host(found: object) -> list[str]:
    """The texts in what a program reads that its host shows to people."""
    if isinstance(found, list):
        return [text for part in found for text in shown_by_a_host(part)]
    if not isinstance(found, dict):
        return []
    keys = {"message", "description", "justification", "text"}
    own = [value for key, value in found.items() if key in keys and isinstance(value, str)]
    inner = (value for key, value in found.items() if key not in {"insertedContent", "suggestions"})
    return own + [text for value in inner for text in shown_by_a_host(value)]


@pytest.mark.parametrize("form", ["gitlab", "rdjsonl", "sarif"])
def test_nothing_is_hidden_in_what_a_host_shows(form: str) -> None:
    texts = shown_by_a_host(
        PARSERS[form]("".join(p.text for p in written(form, hostile_report(), ALL)))
    )
    assert any("<U+202E>" in text for text in texts)
    assert [text for text in texts if RAW.search(text.replace("\n", ""))] == []


@pytest.fixture
def hostile(good_tracker: Tracker) -> Tracker:
    """A tracker with a title for each hostile text, under names that are none."""
    good = good_files()[INCIDENT].decode()
    head, _, rest = good.partition("title: ")
    for number, text in enumerate(TEXTS):
        title = json.dumps(text)  # which YAML reads as well, escapes included
        record = f"{head}title: {title}\nx{number}: 1\n{rest.partition(chr(10))[2]}"
        good_tracker.write(f"incidents/2026/2026-03-02-hostile-{number}.md", record)
    for path in PATHS[:-1]:
        good_tracker.write(path.replace('<b>|`]]>"', "b`]]"), good)
    raw = os.fsencode(good_tracker.root / "incidents" / "2026")
    for name in (b"caf\xe9.md", b"a\n::add-mask::b.md", b"\x1b]0;own\x07.md"):
        Path(os.fsdecode(raw + b"/" + name)).write_bytes(good.encode())
    return good_tracker


def test_hostile_records_have_one_exit_status_and_forge_no_command_in_any_format(
    hostile: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in report_formats():
        for actions in ("true", ""):
            monkeypatch.setenv("GITHUB_ACTIONS", actions)
            said = hostile.incident("check", "--format", form, "--facts")
            assert said.status == 1, form
            assert said.err == ""
            assert not RAW.search(said.out), form
            if actions and form != "github":
                assert commands(said.out) == [], form
            if form in PARSERS:
                PARSERS[form](said.out)


def test_each_annotation_of_a_hostile_tracker_names_a_file_of_it(
    hostile: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    read = commands(hostile.incident("check", "--format", "github").out)
    assert 10 <= len(read) <= 20
    judged = {
        f["path"] for f in json.loads(hostile.incident("check", "--format", "json").out)["findings"]
    }
    assert {command.properties["file"] for command in read} <= judged
    assert {command.name for command in read} <= {"error", "warning"}


@EVERY_FORMAT
@pytest.mark.parametrize(
    ("old", "new", "loose", "strict"),
    [
        ("severity: P1", "severity: P1", 0, 0),
        ("detected_by: monitoring\n", "", 0, 1),
        ("severity: P1", "severity: P9", 1, 1),
    ],
)
def test_row_18_the_format_never_changes_the_exit_status(
    good_tracker: Tracker, form: str, old: str, new: str, loose: int, strict: int
) -> None:
    good_tracker.change(INCIDENT, old, new)
    assert good_tracker.incident("check", "--format", form).status == loose
    assert good_tracker.incident("check", "--format", form, "--strict").status == strict


@EVERY_FORMAT
def test_a_broken_protocol_is_told_in_every_format_and_has_status_2(
    good_tracker: Tracker, form: str
) -> None:
    good_tracker.change("protocol/protocol.yml", "\nwatch: {least: 30m,", "\nwatch: {least: half,")
    said = good_tracker.incident("check", "--format", form)
    assert said.status == 2
    assert "protocol/protocol.yml" in said.out
    assert "CFG001" in said.out


@EVERY_FORMAT
def test_paths_are_those_of_the_repository_where_a_host_reads_them(
    empty_tracker: Tracker, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_tracker.root.parent / ".git").mkdir()
    empty_tracker.write(INCIDENT, "no record")
    out = empty_tracker.incident("check", "--format", form).out
    ours = form in {"text", "json", "jsonl"}
    assert (f"tracker/{INCIDENT}" in out) is not ours
    assert INCIDENT in out


def test_the_help_and_the_guide_tell_of_each_format(good_tracker: Tracker) -> None:
    guide = (ROOT / "docs" / "guide" / "reviewer.md").read_text("utf-8")
    table = guide.split("### Formats")[1].split("\n#")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(report_formats())
    said = good_tracker.incident("check", "--help").out
    words = " ".join(said.split("Formats:")[1].replace("-\n", "-").split())
    for name, form in report_formats().items():
        assert f"{name} {form.about}".replace("- ", "-") in words.replace("- ", "-")
    assert next(iter(report_formats())) == DEFAULT
