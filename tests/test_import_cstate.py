"""`incident import cstate`: issues of an invented status page, and what strangers may put there."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from importing import EMPTY, read_back
from typed import Tracker as Typed

from builder import PROTOCOL
from incident_tracker.check import check
from incident_tracker.importers.declare import importers
from incident_tracker.importers.draft import SourceFile
from incident_tracker.importers.foreign_front import NoFrontError, read_front
from incident_tracker.importers.mapping import RowMap, preset_text, read_mapping
from incident_tracker.importers.pairs import with_pairs
from incident_tracker.importers.plan import Existing, Plan, plan
from incident_tracker.importers.table import drafts
from incident_tracker.model import Milestone

CONFIG = """\
baseURL: https://status.example.org/
timeZone: Europe/Prague
params:
  systems:
    - name: Donation form
      category: Web
    - name: Newsletter
"""
FRONT = """\
title: Form answers slowly
date: 2026-02-03 10:00:00
resolved: true
resolvedWhen: 2026-02-03T11:30:00+01:00
# Possible severity levels: down, disrupted, notice
severity: disrupted
affected:
  - Donation form
section: issue
"""
BODY = """
*Resolved* - It is fast again. {{< track "2026-02-03 11:30:00" >}}

*Monitoring* - A second server runs.

We look at the graphs. {{< track "2026-02-03 11:00:00" >}}

**Investigating**: We look. {{< track "2026-02-03 10:05:00" >}}
"""
NAME = "content/issues/2026-02-03-form.md"


def issue(front: str = FRONT, body: str = BODY) -> bytes:
    return f"---\n{front}---\n{body}".encode()


def preset(*pairs: tuple[str, str]) -> RowMap:
    found, faults = read_mapping(preset_text("cstate"), PROTOCOL)
    assert found is not None, faults
    return with_pairs(found, pairs, PROTOCOL)


def planned(files: Mapping[str, bytes], *pairs: tuple[str, str]) -> Plan:
    """What an import of these files into an empty tracker would do."""
    mapping = preset(*pairs)
    sources = [SourceFile(path=path, data=data) for path, data in sorted(files.items())]
    rows = drafts(importers()["cstate"].read(sources, mapping), mapping)
    return plan(rows, PROTOCOL, Existing.of(EMPTY))


def one(data: bytes, *pairs: tuple[str, str], name: str = NAME) -> Plan:
    found = planned({"config.yml": CONFIG.encode(), name: data}, *pairs)
    assert found.skipped == ()
    assert len(found.files) == 1
    return found


def amiss(found: Plan) -> list[tuple[int, bool, str]]:
    return [(defect.line, defect.is_kept, defect.reason) for defect in found.defects()]


def remarks(found: Plan) -> str:
    return "\n".join(remark.text for remark in found.remarks)


# --- what becomes of an issue


def test_an_issue_becomes_a_record_with_its_updates_oldest_first() -> None:
    found = one(issue())
    assert amiss(found) == []
    assert found.files[0].text.partition(", digest: ")[0] == (
        "---\n"
        "title: Form answers slowly\n"
        "severity: P2\n"
        "status: resolved\n"
        "components: [donation-form]\n"
        "detected_at: 2026-02-03T03:00-06:00\n"
        "resolved_at: 2026-02-03T04:00-06:00\n"
        "verified_at: 2026-02-03T04:30-06:00\n"
        "origin: {system: cstate, id: 2026-02-03-form, "
        'url: "https://status.example.org/issues/2026-02-03-form/"'
    )
    assert found.files[0].text.partition("## Updates\n")[2] == (
        "### 2026-02-03 03:05 - Investigating\n"
        "We look.\n\n"
        "### 2026-02-03 04:00 - Monitoring\n"
        "A second server runs.\n\nWe look at the graphs.\n\n"
        "### 2026-02-03 04:30 - Resolved\n"
        "It is fast again.\n"
    )
    assert check(read_back(found)).findings == ()


def test_times_without_an_offset_are_in_the_zone_of_the_site_and_the_default_is_said() -> None:
    assert "4 times have no offset and are read as Europe/Prague, the timeZone" in remarks(
        one(issue())
    )
    without = planned({NAME: issue()})
    assert "there is no config.yml here: names of systems are not compared" in remarks(without)
    assert "4 times have no offset and are read as UTC, Hugo's default" in remarks(without)
    given = one(issue(), ("zone", "America/Chicago"))
    assert "read as America/Chicago, as the mapping says" in remarks(given)
    assert "detected_at: 2026-02-03T10:00-06:00\n" in given.files[0].text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Form answers slowly", "Maintenance of the form", "status: completed\nkind: maintenance"),
        ("severity: disrupted", "severity: down", "severity: P1\n"),
        ("severity: disrupted", "severity: Notice", "severity: P3\n"),
        ("resolvedWhen: 2026-02-03T11:30:00+01:00\n", "", "status: resolved\n"),
        ("resolved: true\nresolvedWhen: 2026-02-03T11:30:00+01:00\n", "", "status: resolved\n"),
    ],
)
def test_what_its_fields_say_is_said_in_our_words(old: str, new: str, expected: str) -> None:
    assert FRONT.count(old) == 1
    found = one(issue(FRONT.replace(old, new)))
    assert amiss(found) == []
    assert expected in found.files[0].text


def test_an_issue_that_is_not_over_keeps_the_status_of_its_last_update() -> None:
    front = FRONT.replace("resolved: true", "resolved: false").replace(
        "resolvedWhen: 2026-02-03T11:30:00+01:00\n", ""
    )
    body = 'They know why. {{< track "2026-02-03T11:00:00Z" >}}'
    text = one(issue(front, f"*Identified* - {body}")).files[0].text
    assert "status: identified\n" in text
    assert "resolved_at" not in text


def test_resolved_without_a_time_is_resolved_and_planned_work_is_completed() -> None:
    front = FRONT.replace("resolvedWhen: 2026-02-03T11:30:00+01:00\n", "")
    assert "status: resolved\n" in one(issue(front, "No update.")).files[0].text
    work = front.replace("Form answers slowly", "Maintenance of the form")
    assert "status: completed\n" in one(issue(work, "No update.")).files[0].text
    assert "status: resolved\n" in one(issue(work, "Nothing."), ("kind", "")).files[0].text


def test_maintenance_that_only_the_name_of_the_file_tells_is_planned_work_where_asked_for() -> None:
    name = "content/issues/2026-02-03-form-maintenance.md"
    plain = one(issue(), name=name)
    assert "kind: " not in plain.files[0].text
    assert "only the file's name says maintenance; --map kind.name=maintenance" in remarks(plain)
    asked = one(issue(), ("kind.name", "maintenance"), name=name)
    assert "kind: maintenance\n" in asked.files[0].text


def test_text_above_a_line_behind_the_last_update_or_without_any_is_the_summary() -> None:
    body = (
        "*Post-mortem*\n\nA disk was full.\n\n---\n\n"
        '**Cleaned up**: It works. {{% track "2026-02-03 11:30:00" %}}\n\n'
        "<!-- *Resolved* - {{< track `2026-01-01 00:00:00` >}} -->\nThank you."
    )
    text = one(issue(body=body)).files[0].text
    summary, _, updates = text.partition("## Updates\n")
    assert "A disk was full." in summary
    assert "Thank you." in summary
    assert updates.count("### ") == 1
    assert "Cleaned up&#42;&#42;: It works.\n" in updates
    whole = one(issue(body="[Final message]\nIt works.")).files[0].text
    assert "## Summary\n&#91;Final message&#93;\n\nIt works.\n" in whole
    assert "## Updates" not in whole


# --- faults, each with its line


@pytest.mark.parametrize(
    ("old", "new", "line", "is_kept", "reason"),
    [
        (
            "  - Donation form",
            "  - Donations form",
            9,
            True,
            'affected: "Donations form" is no system in config.yml; did they mean "Donation form"?',
        ),
        ("disrupted\n", "Resolved\n", 7, False, 'severity: "Resolved" has no severity'),
        ("resolved: true", "resolved: maybe", 4, False, 'resolved: "maybe" is neither true nor'),
        (
            "resolved: true",
            "resolved: false",
            5,
            False,
            'resolvedWhen: "2026-02-03T11:30:00+01:00" stands beside resolved: false',
        ),
        (
            "2026-02-03T11:30:00+01:00",
            "2026-02-03T9:51:30+00:00",
            5,
            True,
            'resolvedWhen: the hour of "2026-02-03T9:51:30+00:00" has one digit, read as 09',
        ),
        (
            "2026-02-03T11:30:00+01:00",
            "2026-02-01T11:30:00+01:00",
            5,
            True,
            "resolvedWhen: 2026-02-01 11:30:00+01:00 lies before date 2026-02-03 10:00:00+01:00",
        ),
        ("2026-02-03T11:30:00+01:00", "1600", 5, False, 'resolvedWhen: "1600" is no time'),
        ("2026-02-03T11:30:00+01:00", "14.43", 5, False, 'resolvedWhen: "14.43" is no time'),
        ("2026-02-03T11:30:00+01:00", "14:43", 5, False, 'resolvedWhen: "14:43" is no time'),
        (
            "2026-02-03T11:30:00+01:00",
            "2026-02-03T015:00:00Z",
            5,
            False,
            'resolvedWhen: "2026-02-03T015:00:00Z" is no time',
        ),
        ("title: Form answers slowly\n", "", 1, True, "title: no title; the name of the file"),
        ("section", "informational: true\nsection", 10, True, "informational: an announcement"),
        (
            "section: issue",
            "section: issue\nseverity: down",
            11,
            True,
            'field "severity" stands twice, first on line 7',
        ),
        ("Form answers", "Form: answers", 2, True, 'the value holds ": "'),
        ("Form answers", "&Form answers", 2, True, '"&Form" (a YAML anchor) is not read'),
    ],
)
def test_a_fault_is_named_with_its_line_and_costs_nothing_else(
    old: str, new: str, line: int, is_kept: object, reason: str
) -> None:
    assert FRONT.count(old) == 1
    found = one(issue(FRONT.replace(old, new), "No update."))
    ((told_line, told_kept, told),) = amiss(found)
    assert (told_line, told_kept) == (line, is_kept)
    assert told.startswith(reason)
    assert found.files[0].settled.times[Milestone.DETECTED].isoformat() == (
        "2026-02-03T10:00:00+01:00"
    )


@pytest.mark.parametrize(
    ("written", "day", "reason"),
    [
        ("2026-02-04T015:00:00+02:00", "2026-02-04", "is no time; its day stands for it, at 12:00"),
        ("2026-02-04", "2026-02-04", "is no time; its day stands for it, at 12:00"),
        ("22026-02-04T10:00:00Z", "2026-02-03", "is no time; the day in the file's name stands"),
        ("024-02-04T10:00:00Z", "2026-02-03", "is no time; the day in the file's name stands"),
        ("1600", "2026-02-03", "is no time; the day in the file's name stands for it, at 12:00"),
        ("", "2026-02-03", "date: no time; the day in the file's name stands for it, at 12:00"),
        ("[]", "2026-02-03", "date: no time; the day in the file's name stands for it, at 12:00"),
    ],
)
def test_a_date_that_nobody_can_read_costs_the_duration_and_not_the_incident(
    written: str, day: str, reason: str
) -> None:
    found = one(issue(FRONT.replace("2026-02-03 10:00:00", written), "No update."))
    times = found.files[0].settled.times
    assert list(times) == [Milestone.DETECTED]
    assert times[Milestone.DETECTED].isoformat() == f"{day}T12:00:00+01:00"
    (line, kept, told), (end_line, _, end) = amiss(found)
    assert (line, kept, end_line) == (3, False, 5)
    assert reason in told
    assert end == "resolvedWhen: left out, for it would make a duration from that 12:00"
    assert "status: resolved\n" in found.files[0].text
    assert check(read_back(found)).findings == ()


def test_without_any_day_the_issue_is_skipped_and_named() -> None:
    front = FRONT.replace("2026-02-03 10:00:00", "1600")
    found = planned({"content/issues/2026-02-56-form.md": issue(front)})
    assert [(one.line, one.reason) for one in found.skipped] == [(1, 'date: "1600" is no time')]


def test_an_update_whose_time_cannot_be_read_is_left_out_with_its_line() -> None:
    body = 'One. {{< track "1600" >}}\nTwo.\n{{< track "2026-02-03 10:10" >}}\nThree. {{< track >}}'
    found = one(issue(body=body))
    assert amiss(found) == [
        (12, False, 'updates[0].at: "1600" is no time; the update is left out'),
        (15, False, "updates[2].at: no time; the update is left out"),
    ]
    assert found.files[0].text.count("### ") == 1


def test_a_missing_opening_line_is_told_and_the_fields_are_read() -> None:
    found = one(f"{FRONT}---\nText.".encode())
    assert amiss(found) == [(1, True, "the line --- above the front matter is missing")]
    assert "title: Form answers slowly\n" in found.files[0].text


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"+++\ntitle = 'x'\n+++\n", 1, "its front matter is TOML; hugo convert toYAML"),
        (b'{"title": "x"}\n', 1, "its front matter is JSON; hugo convert toYAML"),
        (b"---\ntitle: x\n", 1, "the front matter is never closed by a line ---"),
        (b"# A heading\n", 1, "no front matter: it does not begin with a line ---"),
        (b"", 1, "no front matter"),
        (issue().decode().encode("utf-16"), 1, "is UTF-16; save it as UTF-8"),
        (issue(f"{FRONT}draft: true\n"), 11, "draft: it was never published"),
    ],
)
def test_a_file_that_is_no_issue_is_skipped_with_the_reason(
    data: bytes, line: int, reason: str
) -> None:
    found = planned({NAME: data, "content/issues/2026-02-04-other.md": issue()})
    assert len(found.files) == 1
    assert [(one.path, one.line) for one in found.skipped] == [(NAME, line)]
    assert found.skipped[0].reason.startswith(reason)


# --- which files are issues


def test_only_one_language_is_imported_and_the_others_are_named() -> None:
    files = {
        "config.yml": f"defaultContentLanguage: de\n{CONFIG}".encode(),
        "content/en/issues/a.md": issue(),
        "content/de/issues/a.md": issue(),
        "content/de/issues/2026/b.md": issue(),
        "content/de/issues/_index.md": b"---\ntitle: x\n---\n",
        "themes/cstate/exampleSite/content/issues/c.md": issue(),
        "README.md": b"# Site",
    }
    found = planned(files)
    assert [one.settled.draft.path for one in found.files] == [
        "content/de/issues/a.md",
        "content/de/issues/2026/b.md",
    ]
    assert [one.settled.draft.id for one in found.files] == ["a", "2026/b"]
    assert found.skipped == ()
    assert "content/en: 1 issues in another language are passed over" in remarks(found)
    assert "1 pages of folders, as _index.md, are passed over" in remarks(found)


def test_translations_beside_their_issue_are_passed_over() -> None:
    config = f"defaultContentLanguage: en\nlanguages: {{en: {{a: b}}, de: {{a: b}}}}\n{CONFIG}"
    files = {"config.yml": config.encode(), NAME: issue(), NAME[:-3] + ".de.md": issue()}
    found = planned(files)
    assert len(found.files) == 1
    assert "1 translations of issues are passed over" in remarks(found)


@pytest.mark.parametrize(
    ("path", "config", "told"),
    [
        ("config.toml", b"title = 'x'", "config.toml is TOML and not read"),
        ("config.yml", b"a: [", "config.yml:1: "),
        ("config.yml", b"timeZone: Mars/Base", 'timeZone "Mars/Base" is no time zone'),
        ("config.yml", b"- a", "config.yml:1: a list stands where fields"),
        ("config.yml", b"params: {systems: {a: b}}", "read as UTC"),
        ("config.yml", b"a: &a [x]\nb: *a\n", "config.yml:1: "),
    ],
)
def test_a_configuration_that_cannot_be_used_is_said_and_the_issues_are_read(
    path: str, config: bytes, told: str
) -> None:
    found = planned({path: config, NAME: issue()})
    assert told in remarks(found)
    assert amiss(found) == []
    assert len(found.files) == 1


# --- hostile files


MERGE_BOMB = "a: &a {x: y}\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [{', '.join([f'*{chr(97 + n)}'] * 9)}]}}\n"
    for n in range(12)
)


@pytest.mark.parametrize(
    "front",
    [
        f"{FRONT}{MERGE_BOMB}",
        f"{FRONT}deep: {'[' * 100_000}\n",
        f"{FRONT}{'x: ' * 2}{'- ' * 50_000}\n",
        f"{FRONT}huge: {'x' * 3_000_000}\n",
        f"{FRONT}" + "".join(f"k{n}: v\n" for n in range(60_000)),
        f"{FRONT}nul: a\0b\n",
        f"{FRONT}? [a, b]\n: c\n",
        f"{FRONT}tag: !!python/object:os.system x\n",
        f"{FRONT}...\nmore: x\n",
        f"{FRONT}key: {{a: 'never closed\n",
    ],
    ids=["merge", "deep", "dashes", "huge", "many", "nul", "complex", "tag", "end", "quote"],
)
def test_hostile_front_matter_is_told_read_quickly_and_costs_no_incident(front: str) -> None:
    begun = time.process_time()
    found = one(issue(front))
    assert time.process_time() - begun < 5
    assert "severity: P2\n" in found.files[0].text
    assert "detected_at: 2026-02-03T03:00-06:00\n" in found.files[0].text
    assert found.defects()
    assert "\0" not in found.files[0].text


@pytest.mark.parametrize(
    "body",
    [
        "{{<" * 200_000,
        "{{< track " * 200_000,
        "<!--" * 500_000,
        "-" * 2_000_000,
        "*" * 2_000_000,
        "- \n" * 500_000,
        'x {{< track "2026-02-03 10:10" >}}\n' * 50_000,
    ],
    ids=["braces", "tracks", "comments", "dashes", "stars", "lines", "updates"],
)
def test_a_hostile_body_is_read_quickly(body: str) -> None:
    begun = time.process_time()
    found = one(issue(body=body))
    assert time.process_time() - begun < 10
    assert len(found.files[0].text.encode()) <= 256_000
    assert read_back(found).unread == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: b"\n\n" + data,
        lambda data: data.replace(b"---\n", b"---  \n"),
    ],
    ids=["mark", "crlf", "cr", "blank", "spaces"],
)
def test_how_the_file_was_saved_changes_nothing(change: object) -> None:
    assert callable(change)
    assert one(change(issue())).files[0].text == one(issue()).files[0].text


def test_bytes_that_are_not_utf_8_are_told_with_their_line() -> None:
    found = one(issue().replace(b"answers", b"answ\xe9rs"))
    assert amiss(found) == [
        (2, True, "is not UTF-8; what cannot be read is shown as U+FFFD"),
    ]
    assert "title: Form answ\ufffdrs slowly\n" in found.files[0].text


def test_the_lines_of_fields_and_items_are_those_of_the_file() -> None:
    front = read_front(issue(f"tags: [a,\n  b]\n{FRONT}", "x"))
    assert front.lines["tags[1]"] == 3
    assert front.lines["affected[0]"] == 11
    assert (front.body, front.body_line) == ("x", 14)
    broken = read_front(issue(f"tags: [a, b]\n{FRONT}wrong: a: b\n", "x"))
    assert broken.fields["tags"] == ["a", "b"]
    assert broken.lines["affected[0]"] == 10
    assert broken.fields["affected"] == ["Donation form"]
    with pytest.raises(NoFrontError) as error:
        read_front(b"\n\ntext")
    assert error.value.line == 3


# --- the command


def site(root: Path) -> Path:
    folder = root / "site"
    issues = folder / "content" / "issues"
    issues.mkdir(parents=True)
    (folder / "config.yml").write_text(CONFIG, "utf-8")
    (issues / "2026-02-03-form.md").write_bytes(issue())
    work = FRONT.replace("Form answers slowly", "Maintenance of the newsletter")
    (issues / "2026-02-10-newsletter.md").write_bytes(issue(work.replace("02-03", "02-10"), "Work"))
    (issues / "new\nline.md").write_bytes(issue())
    (issues / "link.md").symlink_to(issues / "2026-02-03-form.md")
    (issues / "gone.md").symlink_to("/dev/zero")
    return folder


def test_what_is_written_passes_the_check_and_a_second_run_changes_no_byte(
    empty_tracker: Typed, tmp_path: Path
) -> None:
    command = ("import", "cstate", str(site(tmp_path)), "--write")
    assert empty_tracker.incident(*command, "--add-components").status == 0
    files = {path: path.read_bytes() for path in empty_tracker.root.glob("incidents/*/*.md")}
    assert len(files) == 2
    assert empty_tracker.incident("check", "--strict").status == 0
    again = empty_tracker.incident(*command)
    assert (again.status, again.out.partition("\n")[0]) == (0, "left as they were: 2 records")
    edited = next(iter(files))
    edited.write_bytes(files[edited].replace(b"title: ", b"title: Our "))
    before = edited.read_bytes()
    assert "kept what people changed: 1 record\n" in empty_tracker.incident(*command).out
    assert edited.read_bytes() == before


def test_the_folder_of_issues_and_a_single_issue_are_sources_as_well(
    empty_tracker: Typed, tmp_path: Path
) -> None:
    issues = site(tmp_path) / "content" / "issues"
    said = empty_tracker.incident("import", "cstate", str(issues))
    assert "would write 2 records\n" in said.out
    single = empty_tracker.incident("import", "cstate", str(issues / "2026-02-03-form.md"))
    assert "would write 1 record\n" in single.out
    assert "there is no config.yml here" in single.out
