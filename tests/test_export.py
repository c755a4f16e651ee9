"""`incident export`: where it writes, and what holds for every format that is declared."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from poison import DECIDING, public, with_records_of, with_texts
from test_audience import TITLES, TOLD_IN_UPDATES
from typed import Tracker as Typed

from conftest import ROOT
from incident_tracker.audience import Audience
from incident_tracker.cli.schema import NAMES
from incident_tracker.errors import TrackerError
from incident_tracker.exporting import MARKER, Delivered
from incident_tracker.exporting import deliver as delivered_to
from incident_tracker.exports.declare import Export, Settings, exports
from incident_tracker.formats.home import Home
from incident_tracker.schemas import SCHEMAS

NOW = datetime(2026, 3, 20, 17, 0, tzinfo=UTC)
EVERY = pytest.mark.parametrize("chosen", exports().values(), ids=exports())
HOSTILE = (
    "</script><script>alert(1)</script>\x1b[31m\x00\x85\u2028\u202e<!-- x --> \ud800 "
    '=HYPERLINK(1) ;,:"\'\\ \r\nBEGIN:VEVENT\n# EOF\nx{y="z"} 1\n]]> & {{ 1 }} '
)
LONG = "very long " * 500  # in each of hundreds of places
deliver = partial(delivered_to, audience=Audience.INTERNAL)


def settings(audience: Audience = Audience.INTERNAL) -> Settings:
    return Settings(audience=audience, home=Home(url="https://status.example.org"))


# --- what holds for every format


@EVERY
def test_the_same_records_give_the_same_bytes_in_sorted_order(chosen: Export) -> None:
    first, second = (chosen.files(public(), NOW, settings()) for _ in range(2))
    assert first == second
    assert list(first) == sorted(first)
    assert all(isinstance(data, bytes) for data in first.values())


def test_row_32_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    every = """
import sys
from incident_tracker.cli import main
how = (sys.argv[1], "--now", "2026-11-24T09:00Z", "--force")
sys.exit(any([main(["export", name, *how], standalone_mode=False) for name in sys.argv[2:]]))
"""
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", every, f"{tmp_path}/{seed}/", *exports()],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
    first, second = (
        {p.relative_to(top): p.read_bytes() for p in top.rglob("*") if p.is_file()}
        for top in (tmp_path / "1", tmp_path / "2")
    )
    assert first == second
    assert len(first) > len(exports())


@EVERY
def test_an_empty_tracker_can_be_exported(chosen: Export) -> None:
    tracker = replace(public(), incidents=(), reviews=(), runbooks=(), components=())
    assert all(chosen.files(tracker, NOW, settings()).values())


@EVERY
def test_no_byte_for_the_public_holds_an_internal_text(chosen: Export) -> None:
    told = public()
    kept = frozenset(DECIDING | TOLD_TO_THE_PUBLIC)
    internal = with_texts(told, lambda label, _: f"CANARY {label}", kept=kept)
    files = chosen.files(internal, NOW, settings(Audience.PUBLIC))
    assert {p: re.findall(rb"CANARY[^\"\n]*", data) for p, data in files.items()} == {
        path: [] for path in files
    }


@EVERY
def test_an_internal_text_is_there_for_the_team(chosen: Export) -> None:
    written = b"".join(chosen.files(public(), NOW, settings()).values())
    assert chosen.name in SHOWS_NO_INTERNAL_TEXT or b"index-format-changed" in written


@EVERY
def test_an_internal_incident_is_in_no_file_for_the_public(chosen: Export) -> None:
    written = b"".join(chosen.files(public(), NOW, settings(Audience.PUBLIC)).values())
    assert b"unknown address" not in written  # the title of the security incident
    assert b"2026-03-09" not in written


@EVERY
@pytest.mark.parametrize("text", [HOSTILE, LONG])
def test_no_text_stops_an_export(chosen: Export, text: str) -> None:
    tracker = with_records_of(public(), text)
    files = chosen.files(tracker, NOW, settings())
    assert files
    for data in (files[path] for path in files if not path.endswith(".woff2")):
        assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data)
        data.decode("utf-8")


TOLD_TO_THE_PUBLIC = {
    "Component.description",
    "Component.group",
    "Component.id",
    "Component.name",
    "Document.path",
    "Incident.components",
    "Incident.path",
    "Incident.public_summary",
    "Incident.severity",
    "Incident.title",
    *(f"Keyed {key}.value" for key in TOLD_IN_UPDATES),
    "Protocol.maintenance_level",
    "Protocol.organisation",
    "Protocol.version",
    "Review.id",
    "Review.path",
    *(f"Section {title}.{part}" for title in TITLES for part in ("items", "text")),
    "Severity.component_level",
    "Severity.meaning",
    "Severity.name",
    "Update.components",
    "Update.status",
    "Update.text",
    "Word.about",
    "Word.label",
    "Word.look",
    "Word.text",
    "Word.words",
}
SHOWS_NO_INTERNAL_TEXT = {"atom", "badges", "ics", "openmetrics", "statuspage"}
"""Their shapes have no place for a cause."""


def test_a_schema_is_published_for_each_format_that_has_one() -> None:
    named = {f"export-{name}" for name, one in exports().items() if one.schema is not None}
    assert set(NAMES) == {*SCHEMAS, *named}


# --- the command


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def shown(top: Path) -> dict[str, bytes]:
    return {
        p.relative_to(top).as_posix(): p.read_bytes()
        for p in top.rglob("*")
        if p.is_file() and p.name != MARKER
    }


def test_one_file_is_printed_and_its_audience_is_said_aside(good_tracker: Typed) -> None:
    said = good_tracker.incident("export", "json")
    assert said.status == 0
    assert json.loads(said.out)["audience"] == "internal"
    assert said.err == "for the audience internal\n"


def test_several_files_ask_for_a_folder(good_tracker: Typed, out: Path) -> None:
    said = good_tracker.incident("export", "csv")
    assert (said.status, said.err) == (
        2,
        "error: csv is 5 files\n  help: incident export csv FOLDER\n",
    )
    said = good_tracker.incident("export", "csv", str(out))
    assert said.out == f"{out}: wrote 5 files (audience: internal)\n"
    assert sorted(shown(out)) == [
        "actions.csv",
        "csv-metadata.json",
        "incidents.csv",
        "metrics.csv",
        "updates.csv",
    ]


def test_one_file_goes_where_it_is_told_to(good_tracker: Typed, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "records.json"
    first = good_tracker.incident("export", "json", str(target), "--now", "2026-04-01T09:00Z")
    assert (first.status, target.is_file()) == (0, True)
    same = good_tracker.incident("export", "json", str(target), "--now", "2026-04-01T09:00Z")
    assert same.out == f"{target}: as they were: 1 file (audience: internal)\n"
    other = good_tracker.incident("export", "json", str(target), "--now", "2026-04-02T09:00Z")
    assert (other.status, other.err.splitlines()[0]) == (2, f"error: {target} is there already")
    assert good_tracker.incident("export", "json", str(target), "--force").status == 0


@pytest.mark.parametrize("where", [".", "..", "incidents", "protocol/x", "evidence", ".git"])
def test_the_tracker_itself_is_no_place_for_an_export(good_tracker: Typed, where: str) -> None:
    before = shown(good_tracker.root)
    said = good_tracker.incident("export", "csv", where, "--force")
    assert (said.status, "own files" in said.err) == (2, True)
    assert shown(good_tracker.root) == before


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("statuspag", 'no export "statuspag"\n  help: did you mean statuspage?'),
        ("xyz", 'no export "xyz"\n  help: one of: atom,'),
    ],
)
def test_a_format_that_is_not_there_is_answered_with_those_that_are(
    good_tracker: Typed, typed: str, told: str
) -> None:
    said = good_tracker.incident("export", typed)
    assert said.status == 2
    assert told in said.err


def test_a_record_that_cannot_be_read_or_published_is_named(good_tracker: Typed, out: Path) -> None:
    path = "incidents/2026/2026-03-02-good.md"
    good_tracker.change(path, "protocol: 2.0.0", "visibility: public\nprotocol: 2.0.0")
    good_tracker.change(path, "### 2026-03-02 11:50 - Resolved", "### Timeline\n- 11:51 - secret")
    said = good_tracker.incident("export", "csv", str(out), "--audience", "public")
    assert (said.status, f"{path} is public, but not well-formed" in said.err) == (1, True)
    assert b"2026-03-02-good" not in b"".join(shown(out).values())
    good_tracker.write("incidents/2026/2026-04-01-broken.md", "no record")
    said = good_tracker.incident("export", "csv", f"{out}2")
    assert (said.status, "2026-04-01-broken.md cannot be read" in said.err) == (1, True)


def test_what_was_exported_for_the_public_does_not_become_the_team_s(
    good_tracker: Typed, out: Path
) -> None:
    assert good_tracker.incident("export", "csv", str(out), "--audience", "public").status == 0
    before = shown(out)
    for form in ("csv", "json", "statuspage"):
        said = good_tracker.incident("export", form, str(out), "--force")
        assert said.status == 2
        assert f"{out} was exported for another audience (public, not internal)" in said.err
        assert "--audience public, another folder, or remove this one" in said.err
    assert shown(out) == before
    assert good_tracker.incident("export", "csv", str(out), "--audience", "public").status == 0


def test_the_internal_address_of_the_site_is_not_for_the_public(
    good_tracker: Typed, out: Path
) -> None:
    good_tracker.write("mkdocs.yml", "site_url: https://canary.example.org/\n")
    path = "incidents/2026/2026-03-02-good.md"
    good_tracker.change(
        path, "protocol: 2.0.0", "visibility: public\npublic_summary: Down.\nprotocol: 2.0.0"
    )
    internal = good_tracker.incident("export", "statuspage", f"{out}-internal")
    assert internal.status == 0
    assert b"canary.example.org" in b"".join(shown(Path(f"{out}-internal")).values())
    for name in exports():
        good_tracker.incident("export", name, f"{out}/", "--audience", "public", "--force")
    assert b"canary" not in b"".join(shown(out).values())


# --- what is in the folder already


def test_what_is_written_no_more_is_taken_away_and_nothing_else(out: Path) -> None:
    deliver(out, "csv", {"a/b.txt": b"1", "c.txt": b"2", "d.txt": b"3"}, force=False)
    (out / "own.txt").write_text("mine")
    (out / "d.txt").write_text("edited")
    done = deliver(out, "csv", {"c.txt": b"9"}, force=False)
    assert done == Delivered(written=("c.txt",), removed=("a/b.txt",), left=("d.txt",))
    assert shown(out) == {"c.txt": b"9", "own.txt": b"mine", "d.txt": b"edited"}
    assert not (out / "a").exists()


def test_two_formats_share_a_folder(out: Path) -> None:
    deliver(out, "csv", {"a.txt": b"1"}, force=False)
    deliver(out, "ics", {"b.txt": b"2"}, force=False)
    assert deliver(out, "csv", {"a.txt": b"1"}, force=False) == Delivered(same=("a.txt",))
    assert shown(out) == {"a.txt": b"1", "b.txt": b"2"}


@pytest.mark.parametrize(
    "marker",
    [None, "no JSON", "[]", '{"version": 2}', '{"version":1,"formats":{"csv":{"a.txt":"x"}}}'],
)
def test_a_folder_that_somebody_else_filled_is_left_alone(out: Path, marker: str | None) -> None:
    out.mkdir()
    (out / "a.txt").write_text("mine")
    if marker is not None:
        (out / MARKER).write_text(marker)
    with pytest.raises(TrackerError):
        deliver(out, "csv", {"a.txt": b"1", "b.txt": b"2"}, force=False)
    assert shown(out) == {"a.txt": b"mine"}
    deliver(out, "csv", {"a.txt": b"1"}, force=True)
    assert shown(out) == {"a.txt": b"1"}


def test_the_marker_of_an_old_version_means_a_folder_of_the_team_s(out: Path) -> None:
    deliver(out, "csv", {"a.txt": b"1"}, force=False)
    marked = json.loads((out / MARKER).read_bytes())
    assert marked.pop("audience") == "internal"
    (out / MARKER).write_text(json.dumps(marked))
    for force in (False, True):
        with pytest.raises(TrackerError, match=r"another audience \(internal, not public\)"):
            delivered_to(out, "csv", {"a.txt": b"2"}, force=force, audience=Audience.PUBLIC)
    assert json.loads((out / MARKER).read_bytes()) == marked
    assert shown(out) == {"a.txt": b"1"}
    deliver(out, "csv", {"a.txt": b"2"}, force=False)
    assert json.loads((out / MARKER).read_bytes())["audience"] == "internal"


def test_a_file_that_somebody_edited_is_not_replaced(out: Path) -> None:
    deliver(out, "csv", {"a.txt": b"1", "b.txt": b"1"}, force=False)
    (out / "a.txt").write_text("edited")
    with pytest.raises(TrackerError, match=r"somebody else wrote a\.txt"):
        deliver(out, "csv", {"a.txt": b"2", "b.txt": b"2"}, force=False)
    assert shown(out) == {"a.txt": b"edited", "b.txt": b"1"}


def test_no_marker_leads_out_of_the_folder(out: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"1")
    digest = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"  # of "1"
    out.mkdir()
    (out / "link").symlink_to(outside)
    named = {"../outside.txt": digest, str(outside): digest, "link": digest}
    (out / MARKER).write_text(json.dumps({"version": 1, "formats": {"csv": named}}))
    deliver(out, "csv", {"a.txt": b"1"}, force=False)
    assert outside.read_bytes() == b"1"
    assert (out / "link").is_symlink()


def test_a_crash_in_the_middle_is_mended_by_the_next_run(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from incident_tracker.workspace import Workspace  # noqa: PLC0415 # only patched here

    deliver(out, "csv", {"a.txt": b"1", "b.txt": b"1"}, force=False)
    real = Workspace.put_record

    def full(self: Workspace, path: str, text: bytes) -> None:
        if path == "b.txt":
            raise OSError("no space left")
        real(self, path, text)

    with monkeypatch.context() as broken:
        broken.setattr(Workspace, "put_record", full)
        with pytest.raises(OSError, match="no space"):
            deliver(out, "csv", {"a.txt": b"2", "b.txt": b"2"}, force=False)
    done = deliver(out, "csv", {"a.txt": b"3", "b.txt": b"3"}, force=False)
    assert done.written == ("a.txt", "b.txt")
