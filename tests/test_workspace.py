"""Files are read whole and never behind a link, and written atomically or not at all."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from incident_tracker.assemble import findings_of
from incident_tracker.check import check
from incident_tracker.workspace import (
    BrokenProtocolError,
    NoTrackerError,
    TrackerError,
    Workspace,
)

ROOT = Path(__file__).parent.parent
GOOD = (ROOT / "tools" / "incident_tracker" / "good" / "incident.md").read_text(encoding="utf-8")
PATH = "incidents/2026/2026-03-02-good.md"


@pytest.fixture
def tracker(tmp_path: Path) -> Workspace:
    (tmp_path / "protocol").mkdir()
    for name in ("protocol.yml", "components.yml", "contacts.yml"):
        shutil.copy(ROOT / "protocol" / name, tmp_path / "protocol" / name)
    record = tmp_path / PATH
    record.parent.mkdir(parents=True)
    record.write_text(GOOD, encoding="utf-8")
    return Workspace(tmp_path)


def codes(tracker: Workspace) -> list[tuple[str, str]]:
    return [(f.path, f.code) for f in check(tracker.load()).findings]


def test_a_tracker_is_found_from_any_folder_inside(tracker: Workspace) -> None:
    assert Workspace.find(tracker.root / "incidents" / "2026") == Workspace(tracker.root.resolve())


def test_no_tracker_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(NoTrackerError) as caught:
        Workspace.find(tmp_path)
    assert caught.value.exit_status == 3
    assert "incident init" in str(caught.value.hint)


def test_the_good_record_is_read_and_clean(tracker: Workspace) -> None:
    assert [i.id for i in tracker.load().incidents] == ["2026-03-02-good"]
    assert codes(tracker) == []


def test_a_broken_protocol_stops_with_its_findings(tracker: Workspace) -> None:
    path = tracker.root / "protocol" / "protocol.yml"
    path.write_text(path.read_text().replace("watch: {least: 30m", "watch: {least: soon"))
    with pytest.raises(BrokenProtocolError) as caught:
        tracker.load()
    (finding,) = caught.value.findings
    assert (finding.code, finding.path) == ("CFG001", "protocol/protocol.yml")
    assert "watch:" in (finding.source or "")


@pytest.mark.parametrize("target", ["/etc/hostname", "/dev/zero", "../../nowhere", "loop.md"])
def test_row_10_a_symbolic_link_is_a_finding_and_never_read(
    tracker: Workspace, target: str
) -> None:
    (tracker.root / "incidents" / "2026" / "loop.md").symlink_to(target)
    assert codes(tracker) == [("incidents/2026/loop.md", "FMT015")]


def test_a_linked_folder_is_a_finding_and_not_walked(tracker: Workspace, tmp_path: Path) -> None:
    (tracker.root / "pir").symlink_to(tmp_path)
    (tracker.root / "incidents" / "2025").symlink_to(tmp_path)
    assert codes(tracker) == [("incidents/2025", "FMT015"), ("pir", "FMT015")]


def test_a_pipe_does_not_hang_the_check(tracker: Workspace) -> None:
    os.mkfifo(tracker.root / "incidents" / "2026" / "2026-03-03-pipe.md")
    assert codes(tracker) == [("incidents/2026/2026-03-03-pipe.md", "FMT015")]


def test_an_embedded_repository_is_a_finding_and_not_walked(tracker: Workspace) -> None:
    evil = tracker.root / "incidents" / "evil"
    subprocess.run(["git", "init", "-q", "--bare", str(evil)], check=True)
    (evil / "2026-03-03-x.md").write_text("x")
    assert codes(tracker) == [("incidents/evil", "FMT015")]


@pytest.mark.parametrize(
    "name",
    [
        "new\nline.md",
        "\x1b[31m.md",
        "2026-03-03-A.md",
        "2026-03-03-é.md",
        "con.md",
        "2026-03-03-x.md.",
        "-rf.md",
        "2026-02-30-x.md",
        "٢٠٢٦-03-03-x.md",
    ],
)
def test_row_11_an_odd_name_is_one_finding(tracker: Workspace, name: str) -> None:
    (tracker.root / "incidents" / "2026" / name).write_text(GOOD, encoding="utf-8")
    found = codes(tracker)
    assert len(found) == 1
    assert found[0][1] in {"FMT014", "FMT015"}


def test_a_name_that_is_not_utf8_is_one_finding(tracker: Workspace) -> None:
    raw = os.fsencode(tracker.root / "incidents" / "2026") + b"/\xff.md"
    Path(os.fsdecode(raw)).write_bytes(b"---\n---\n")
    assert codes(tracker) == [("incidents/2026/\\xff.md", "FMT015")]


def test_row_02_every_markdown_file_is_read_or_counted_as_unread(tracker: Workspace) -> None:
    folder = tracker.root / "incidents" / "2026"
    (folder / "2026-03-03-a.md").write_bytes(b"\xef\xbb\xbf---\ntitle: x\n---\n")
    (folder / "2026-03-04-b.md").write_bytes(b"no front matter\n")
    (folder / "2026-03-05-c.md").write_bytes(b"\xff\xfe")
    (folder / "2026-03-06-d.md").write_bytes(b"x" * 10_000_000)
    read = tracker.load()
    assert len(read.incidents) + len(read.unread) == 5
    assert {path for path, _ in codes(tracker)} >= {u.path for u in read.unread}


def test_a_wrong_year_folder_says_where_the_file_belongs(tracker: Workspace) -> None:
    (tracker.root / "incidents" / "2025").mkdir()
    (tracker.root / PATH).rename(tracker.root / "incidents" / "2025" / "2026-03-02-good.md")
    (finding,) = check(tracker.load()).findings
    assert finding.code == "FMT014"
    assert finding.help is not None
    assert "git mv" in finding.help


def test_row_27_a_new_file_never_overwrites_one(tracker: Workspace) -> None:
    with pytest.raises(FileExistsError):
        tracker.create(PATH, "other")
    assert (tracker.root / PATH).read_text(encoding="utf-8") == GOOD


@pytest.mark.parametrize("path", ["../outside.md", "/etc/x.md", "incidents/../../x.md"])
def test_row_09_nothing_is_written_outside_the_tracker(tracker: Workspace, path: str) -> None:
    with pytest.raises(TrackerError):
        tracker.create(path, "x")


def test_nothing_is_written_through_a_linked_folder(tracker: Workspace, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tracker.root / "pir").symlink_to(elsewhere)
    with pytest.raises(TrackerError):
        tracker.create("pir/2026/2026-03-02-good.md", "x")
    assert not any(elsewhere.iterdir())


def test_row_29_a_change_keeps_the_mode_and_leaves_no_other_file(tracker: Workspace) -> None:
    target = tracker.root / PATH
    target.chmod(0o640)
    tracker.change(PATH, lambda document: document.text + "\nmore\n")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert target.read_text(encoding="utf-8").endswith("\nmore\n")
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_failed_change_leaves_the_old_file(tracker: Workspace) -> None:
    def fail(_: object) -> str:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        tracker.change(PATH, fail)
    assert (tracker.root / PATH).read_text(encoding="utf-8") == GOOD
    assert [path.name for path in (tracker.root / PATH).parent.iterdir()] == ["2026-03-02-good.md"]


def test_two_writers_at_once_lose_no_line(tracker: Workspace) -> None:
    program = (
        "import sys; from pathlib import Path; from incident_tracker.workspace import Workspace\n"
        "w = Workspace(Path(sys.argv[1]))\n"
        "for n in range(20):\n"
        f"    w.change({PATH!r}, lambda d, n=n: d.text + f'{{sys.argv[2]}}{{n}}\\n')\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(tracker.root), name])
        for name in ("a", "b")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    lines = (tracker.root / PATH).read_text(encoding="utf-8").splitlines()
    assert {f"{name}{n}" for name in "ab" for n in range(20)} <= set(lines)


def test_a_fault_about_no_text_has_no_source_line() -> None:
    assert findings_of("x", (), None) == ()


def test_an_old_record_is_judged_by_the_protocol_of_its_day(tracker: Workspace) -> None:
    current = (tracker.root / "protocol" / "protocol.yml").read_text(encoding="utf-8")
    versions = tracker.root / "protocol" / "versions"
    versions.mkdir()
    older = current.replace("version: 2.0.0\n", "version: 1.0.0\n", 1)
    (versions / "1.0.0.yml").write_text(older, encoding="utf-8")
    stricter = current.replace("version: 2.0.0\n", "version: 3.0.0\n", 1)
    stricter = stricter.replace("watch: {least: 30m", "watch: {least: 50m", 1)
    (tracker.root / "protocol" / "protocol.yml").write_text(stricter, encoding="utf-8")
    record = tracker.root / PATH

    record.write_text(GOOD.replace("protocol: 2.0.0", "protocol: 3.0.0"), encoding="utf-8")
    assert codes(tracker) == [(PATH, "INC043")]
    record.write_text(GOOD.replace("protocol: 2.0.0", "protocol: 1.0.0"), encoding="utf-8")
    assert codes(tracker) == []
    record.write_text(GOOD, encoding="utf-8")
    assert (PATH, "INC017") in codes(tracker), "a version that was not kept is said"


@pytest.mark.parametrize("name", ["components", "contacts", "protocol"])
def test_a_pipe_in_the_place_of_a_protocol_file_does_not_hang(
    tracker: Workspace, name: str
) -> None:
    path = tracker.root / "protocol" / f"{name}.yml"
    path.unlink()
    os.mkfifo(path)
    try:
        found = check(tracker.load()).findings
    except BrokenProtocolError as error:
        found = error.findings
    assert [(f.path, f.code) for f in found] == [(f"protocol/{name}.yml", "CFG002")]


def test_folders_too_deep_are_one_finding_and_not_walked(tracker: Workspace) -> None:
    (tracker.root / "incidents" / "2026" / "/".join("d" * 100)).mkdir(parents=True)
    assert codes(tracker) == [("incidents/2026/d", "FMT015")]


def test_a_folder_that_cannot_be_read_hides_no_other(
    tracker: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tracker.root / "incidents" / "2025"
    closed.mkdir()
    really = os.scandir

    def scandir(path: Path) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied")
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert codes(tracker) == [("incidents/2025", "FMT015")]
    assert [i.id for i in tracker.load().incidents] == ["2026-03-02-good"]


@pytest.mark.parametrize("name", ["2026/README.md", "2026/.incident-x.md", "2026/.hidden.md"])
def test_no_markdown_file_is_left_out_in_silence(tracker: Workspace, name: str) -> None:
    (tracker.root / "incidents" / name).write_text("x")
    assert [path for path, _ in codes(tracker)] == [f"incidents/{name}"] * len(codes(tracker))
    assert codes(tracker)


def test_a_readme_beside_the_records_is_no_record(tracker: Workspace) -> None:
    (tracker.root / "incidents" / "README.md").write_text("# What lies here\n")
    assert codes(tracker) == []
