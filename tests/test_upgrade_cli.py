"""A tracker of the first version, worked in by hand, is upgraded: only what was announced."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gitting import IDENTITY, begin, commit, git
from older import DAY, FIRST, ROOT, Tool, copied, first_day, made_by

from incident_tracker import __version__
from incident_tracker.upgrading.pins import Pin

NEXT = "99.0.0"
ANNOUNCED = re.compile(r"^  (\w+) +(\S+): (.+)$", re.MULTILINE)
RECORD = "incidents/2026/2026-11-20-search-finds-nothing.md"
REVIEW = "pir/2026/2026-11-20-search-finds-nothing.md"


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A later version: other rules, another workflow and guide, and one page fewer."""
    folder = copied(tmp_path_factory.mktemp("newer"), NEXT)
    tool = Tool(folder, folder)
    tool.change("protocol/protocol.yml", "\nversion: 2.0.0\n", "\nversion: 2.1.0\n")
    tool.change("protocol/protocol.yml", "watch: {least: 30m,", "watch: {least: 45m,")
    tool.change("docs/guide/responder.md", "# For the responder\n", "# For responders\n")
    tool.change("docs-public/.gitkeep", "", "# none yet\n")
    tool.change(".github/workflows/sweep.yml", "*/6 * * *", "*/4 * * *")
    tool.change(".github/workflows/sweep.yml", "name: Sweep\n", "# Later.\nname: Sweep\n")
    (folder / "docs/guide/editors.md").unlink()
    (folder / "runbooks/dns.md").write_text(
        (folder / "runbooks/site-down.md").read_text("utf-8"), encoding="utf-8"
    )
    return folder


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A tracker made by the first version, committed."""
    root = made_by(FIRST, tmp_path / "tracker")
    begin(root)
    return root


def worked_in(tool: Tool) -> None:
    """What a team does to its tracker: records by hand and by command, settings, rules, pages."""
    now = ("--now", "2026-11-20T15:00Z")
    tool.run("new", "Search finds nothing", "--severity", "P2", "--by", "bo", *now)
    tool.run("log", "Checked: changes: none today", *now)
    record = tool.tracker / RECORD
    record.write_text(record.read_text("utf-8") + "\n## Notes\n\nBy hand,  with  care.\n", "utf-8")
    tool.run("pir", "new", "search", *now)
    tool.edit("protocol/protocol.yml", "organisation: Campaign website", "organisation: Library")
    tool.edit("protocol/protocol.yml", "    response: 15m\n", "    response: 20m\n")
    tool.edit("mkdocs.yml", "site_name: Incidents", "site_name: What broke")
    tool.edit("requirements.txt", f"{FIRST}\n", f"{FIRST}\nmkdocs-print==9.9\n")
    (tool.tracker / "docs/guide/reader.md").unlink()
    windows = tool.tracker / "docs/guide/responder.md"
    windows.write_bytes(windows.read_bytes().replace(b"\n", b"\r\n"))
    begin(tool.tracker)


def announced(said: str) -> dict[str, tuple[str, str]]:
    """What is done to each file, and why."""
    return {path: (kind, why) for kind, path, why in ANNOUNCED.findall(said)}


def differing(root: Path) -> set[str]:
    """The files that `git diff` would show, new ones too."""
    git(root, "add", "--all", "--intent-to-add")
    return {*git(root, "diff", "--name-only").splitlines()}


def written(said: str) -> set[str]:
    return {path for path, (kind, _) in announced(said).items() if kind not in ("leave", "waits")}


def test_the_first_version_is_kept_as_it_was_made(first: Path) -> None:
    lines = (ROOT / "tests" / "golden" / f"made_by_{FIRST}.sha256").read_text("utf-8").splitlines()
    kept = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    made = {
        path: hashlib.sha256(data).hexdigest()
        for path, data in first_day(FIRST, Pin(FIRST)).items()
    }
    assert made == kept


def test_the_first_version_becomes_this_one_and_git_shows_only_what_was_announced(
    first: Path,
) -> None:
    tool = Tool(ROOT, first)
    worked_in(tool)
    said = tool.run("upgrade")
    assert "nothing is written yet: incident upgrade --write" in said
    assert differing(first) == set()
    assert written(tool.run("upgrade", "--write")) == written(said) == differing(first)
    assert not [p for p in differing(first) if p.startswith(("incidents/", "pir/", "evidence/"))]
    assert f"incident-tracker=={__version__}\nmkdocs-print==9.9\n" in read(
        first, "requirements.txt"
    )
    assert "site_name: What broke" in read(first, "mkdocs.yml")
    assert not (first / "docs/guide/reader.md").exists()
    tool.run("check")
    assert tool.run("upgrade") == f"nothing to do: all is as {__version__} has it\n"


def test_a_version_with_other_rules_raises_the_protocol_and_keeps_what_the_team_made_of_it(
    first: Path, newer: Path
) -> None:
    tool = Tool(newer, first)
    worked_in(tool)
    before = read(first, "protocol/protocol.yml")
    records = {path: (first / path).read_bytes() for path in (RECORD, REVIEW)}
    said = announced(tool.run("upgrade", "--write"))
    assert (
        said.items()
        >= {
            "protocol/versions/2.0.0.yml": ("keep", "the rules that your records carry"),
            "protocol/protocol.yml": ("merge", "version 2.0.0 becomes 2.1.0: watch"),
            "runbooks/dns.md": ("add", f"new in {NEXT}"),
            ".github/workflows/sweep.yml": ("replace", "you left it as it came"),
            "docs/guide/responder.md": ("replace", "you left it as it came"),
            "docs/guide/editors.md": (
                "leave",
                "comes with the tracker no longer; it is yours, to keep or to remove",
            ),
            ".incident-tracker.yml": ("write", f"says {NEXT}"),
        }.items()
    )
    assert {path for path, (kind, _) in said.items() if kind != "leave"} == differing(first)
    assert records == {path: (first / path).read_bytes() for path in records}
    assert read(first, "protocol/versions/2.0.0.yml") == before.replace("=../", "=../../", 1)
    after = read(first, "protocol/protocol.yml")
    assert [line for line in after.splitlines() if line not in before.splitlines()] == [
        "version: 2.1.0",
        f"released: {today()}",
        f"  - {{version: 2.1.0, date: {today()}, note: As shipped with incident-tracker {NEXT}}}",
        next(line for line in after.splitlines() if line.startswith("watch: {least: 45m,")),
    ]
    assert "    response: 20m\n" in after
    responder = (first / "docs/guide/responder.md").read_bytes()
    assert responder.count(b"\r\n") == responder.count(b"\n") > 100
    assert f"last_reviewed: {today()}" in read(first, "runbooks/dns.md")
    # CHG012 among them: the rules that records were judged by are kept.
    tool.run("check", "--since", "HEAD")
    commit(first, "upgrade")
    assert tool.run("upgrade") == f"nothing to do: all is as {NEXT} has it\n"
    assert 'protocol: "2.0.0"' in read(first, RECORD) or "protocol: 2.0.0" in read(first, RECORD)


def today() -> str:
    done = subprocess.run(["date", "-u", "+%F"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def read(root: Path, path: str) -> str:
    return (root / path).read_bytes().decode()


KILLED = """
import os, signal, sys
from incident_tracker.cli import main
from incident_tracker.workspace import Workspace
left, put = [int(sys.argv[1])], Workspace.put
def killed(self, target, text):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    put(self, target, text)
Workspace.put = killed
main(["upgrade", "--write"])
"""
# Each cut of it in a copy of a process that has read all that an upgrade takes: starting Python
# twice for each would take most of the time.
KILLED_ANYWHERE = """
import os, signal, sys
from pathlib import Path
from incident_tracker.cli import main
from incident_tracker.workspace import Workspace
put = Workspace.put
def run(place, name, *arguments):
    here = os.fork()
    if here == 0:
        os.chdir(place)
        for stream in (1, 2):
            os.dup2(os.open(f"{place}.{name}", os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
        main([*arguments])
        os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(here, 0)[1])
def cut(left):
    def killed(self, target, text):
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left.pop()
        put(self, target, text)
    return killed
try:
    os.chdir(sys.argv[1])
    main(["upgrade"])
except SystemExit:
    pass
for number, place in enumerate(sys.argv[1:]):
    Workspace.put = cut([None] * number)
    assert run(place, "killed", "upgrade", "--write") == -signal.SIGKILL, place
    Workspace.put = put
    assert run(place, "said", "upgrade", "--write") == 0, place
"""


def test_a_run_that_was_killed_before_any_of_its_writes_is_finished_by_the_next_one(
    first: Path, newer: Path, tmp_path: Path
) -> None:
    tool = Tool(newer, first)
    worked_in(tool)
    # Merged a second time, such a file would look as if both had changed the same lines.
    tool.edit(".github/workflows/sweep.yml", "name: Sweep\n", "name: Sweep\nname: Sweep\n")
    commit(first, "twice")
    whole = Path(shutil.copytree(first, tmp_path / "whole"))
    said = announced(Tool(newer, whole).run("upgrade", "--write"))
    paths = [path for path, (kind, _) in said.items() if kind != "leave"]
    assert paths[-1] == ".incident-tracker.yml"
    places = [
        Path(shutil.copytree(first, tmp_path / f"cut-{count}")) for count in range(len(paths) + 1)
    ]
    done = subprocess.run(
        [sys.executable, "-c", KILLED_ANYWHERE, *places],
        cwd=tmp_path,
        env={**os.environ, **IDENTITY, "PYTHONPATH": str(newer / "tools")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for count, place in enumerate(places):
        told = place.with_name(f"{place.name}.said").read_text("utf-8")
        again = announced(told)
        cut_off = f"an upgrade from {FIRST} to {NEXT} was cut off; what is left of it:\n"
        assert told.startswith(cut_off if count else f"from {FIRST} to {NEXT}:\n")
        # What was written already is neither written again nor in anybody's way.
        assert {p for p, (kind, _) in again.items() if kind != "leave"} == {
            *paths[max(count - 1, 0) :]
        }
        for path in paths:
            assert (place / path).read_bytes() == (whole / path).read_bytes(), path


def test_what_one_version_left_half_done_is_finished_by_no_other(first: Path, newer: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", KILLED, "3"],
        cwd=first,
        env={**os.environ, "PYTHONPATH": str(newer / "tools")},
        capture_output=True,
        check=False,
    )
    half = differing(first)
    assert len(half) == 3
    for options in ((), ("--write",), ("--write", "--from", FIRST)):
        said = Tool(ROOT, first).run("upgrade", *options, expected=2)
        cut_off = f"an upgrade from {FIRST} to {NEXT} was cut off, and this is {__version__}"
        assert said.startswith(f"error: {cut_off}\n")
        assert f"pip install 'incident-tracker=={NEXT}' && incident upgrade --write" in said
        assert differing(first) == half
    git(first, "reset", "--quiet")
    git(first, "stash", "-u")
    assert f"from {FIRST} to {__version__}:" in Tool(ROOT, first).run("upgrade", "--write")


def test_what_both_changed_waits_until_it_is_brought_together_or_kept(
    first: Path, newer: Path
) -> None:
    tool = Tool(newer, first)
    tool.edit(".github/workflows/sweep.yml", "*/6 * * *", "*/8 * * *")
    tool.edit("docs/guide/responder.md", "# For the responder\n", "# Who is on call\n")
    begin(first)
    said = tool.run("upgrade", "--write", "--diff", expected=1)
    assert announced(said)[".github/workflows/sweep.yml"] == ("waits", "you changed the same lines")
    assert '-    - cron: "17 */6 * * *"' in said
    assert '+    - cron: "17 */4 * * *"' in said
    assert ".github/workflows/sweep.yml" not in differing(first)
    commit(first, "upgrade")
    assert written(tool.run("upgrade", expected=1)) == set()
    tool.edit(".github/workflows/sweep.yml", "*/8 * * *", "*/4 * * *")
    commit(first, "as shipped")
    assert set(announced(tool.run("upgrade", "--write", expected=1))) == {
        ".github/workflows/sweep.yml",  # brings what else is new in it
        ".incident-tracker.yml",
        "docs/guide/responder.md",
    }
    commit(first, "one is done")
    tool.run("upgrade", "--keep", "docs/guide/responder.md", "--write")
    commit(first, "the other is ours")
    assert "nothing to do" in tool.run("upgrade")
    assert "waiting" not in read(first, ".incident-tracker.yml")


def test_a_file_with_uncommitted_changes_is_not_written_into_unless_told(
    first: Path, newer: Path
) -> None:
    tool = Tool(newer, first)
    tool.edit("mkdocs.yml", "site_name: Incidents", "site_name: Mine")
    tool.edit("docs/guide/responder.md", "# For the responder\n", "# For the responder\n\nHello.\n")
    said = tool.run("upgrade", "--write", expected=2)
    assert "docs/guide/responder.md would lose what no commit has" in said
    assert "commit first" in said
    assert differing(first) == {"mkdocs.yml", "docs/guide/responder.md"}
    tool.run("upgrade", "--write", "--uncommitted")
    assert "# For responders\n\nHello.\n" in read(first, "docs/guide/responder.md")
    assert len(differing(first)) > 5


def test_a_refusal_names_every_file_and_says_nothing_of_a_plan(first: Path, newer: Path) -> None:
    guide = (f"docs/guide/{name}.md" for name in ("adopting", "open-data", "responder", "reviewer"))
    edited = {*guide, "requirements.txt", ".pre-commit-config.yaml", ".github/workflows/sweep.yml"}
    for path in edited:
        (first / path).write_text(f"{read(first, path)}# Ours.\n", encoding="utf-8")
    tool = Tool(newer, first)
    said = tool.run("upgrade", "--write", "--diff", expected=2)
    assert said.startswith("error: "), said
    names, _, _ = said.removeprefix("error: ").partition(" would lose what no commit has")
    assert {*names.split(", ")} == edited
    assert announced(said) == {}
    assert differing(first) == edited
    help_ = " ".join(tool.run("upgrade", "--help").split())
    assert "2 refused: wrong use, an origin that nobody knows, with --write files that" in help_


def test_a_tracker_outside_of_git_is_upgraded_as_well(tmp_path: Path, newer: Path) -> None:
    tool = Tool(newer, made_by(FIRST, tmp_path / "tracker"))
    assert "wrote" in tool.run("upgrade", "--write")
    assert "nothing to do" in tool.run("upgrade")


def test_an_older_tool_refuses_a_newer_tracker(first: Path, newer: Path) -> None:
    Tool(newer, first).run("upgrade", "--write")
    said = Tool(ROOT, first).run("upgrade", "--write", expected=2)
    assert f"{NEXT} wrote the files of this tracker, and this is only {__version__}" in said
    assert f"pip install 'incident-tracker>={NEXT}'" in said


def test_without_a_tracker_there_is_nothing_to_upgrade(tmp_path: Path) -> None:
    assert "no tracker in" in Tool(ROOT, tmp_path).run("upgrade", expected=3)


def test_a_tracker_that_does_not_say_who_made_it_is_known_by_its_files(first: Path) -> None:
    (first / ".incident-tracker.yml").unlink()
    commit(first, "lost")
    assert f"from {FIRST} to {__version__}:" in Tool(ROOT, first).run("upgrade")


def test_a_tracker_of_unknown_origin_is_refused_until_somebody_says(
    tmp_path: Path, newer: Path
) -> None:
    (tmp_path / "protocol").mkdir()
    (tmp_path / "protocol/protocol.yml").write_text("zone: UTC\n", encoding="utf-8")
    tool = Tool(newer, tmp_path)
    assert f"incident upgrade --from {FIRST}" in tool.run("upgrade", expected=2)
    said = announced(tool.run("upgrade", "--from", FIRST, expected=1))
    assert said["protocol/protocol.yml"][0] == "waits"
    assert {kind for path, (kind, _) in said.items() if path.startswith("docs/")} == {"leave"}


def test_files_behind_links_say_nothing_of_who_made_a_tracker(first: Path, tmp_path: Path) -> None:
    root = tmp_path / "other"
    (root / "protocol").mkdir(parents=True)
    (root / "protocol/protocol.yml").write_text("zone: UTC\n", encoding="utf-8")
    (root / "docs").symlink_to(first / "docs")
    (root / "mkdocs.yml").symlink_to(first / "mkdocs.yml")
    said = Tool(ROOT, root).run("upgrade", expected=2)
    assert "nothing says which version of incident-tracker wrote the files" in said


def test_the_version_that_somebody_names_changes_nothing_else_that_the_tracker_says(
    first: Path, newer: Path
) -> None:
    tool = Tool(newer, first)
    tool.edit("docs/guide/responder.md", "# For the responder\n", "# Who is on call\n")
    begin(first)
    tool.run("upgrade", "--write", expected=1)
    commit(first, "upgrade")
    before = read(first, ".incident-tracker.yml")
    assert f"day: {DAY}\nwaiting:\n" in before
    for version in (NEXT, FIRST):
        told = tool.run("upgrade", "--write", "--from", version, expected=1)
        assert waiting(told) == {"docs/guide/responder.md"}
        assert read(first, ".incident-tracker.yml") == before
    # Nobody knows any more what a version in development wrote, so what is named counts.
    lost = before.replace(f": {FIRST}\n", ": 98.0.0.dev0\n").replace(NEXT, "98.0.0.dev0")
    (first / ".incident-tracker.yml").write_text(lost, encoding="utf-8")
    commit(first, "in development")
    assert f"incident upgrade --from {FIRST}" in tool.run("upgrade", expected=2)
    assert waiting(tool.run("upgrade", "--write", "--from", FIRST, expected=1))
    assert f"day: {DAY}\nwaiting:\n" in read(first, ".incident-tracker.yml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 0.9.0\nday: soon\n", "is not a date"),
        ("version: latest\n", "a version has three numbers"),
        ("version: 0.8.7\n", "0.8.7 was never released"),
        ("[", ".incident-tracker.yml:1: "),
    ],
)
def test_a_file_that_says_nonsense_about_its_maker_is_refused(
    first: Path, text: str, said: str
) -> None:
    (first / ".incident-tracker.yml").write_text(text, encoding="utf-8")
    assert said in Tool(ROOT, first).run("upgrade", "--write", expected=2)
    assert differing(first) == {".incident-tracker.yml"}


def test_links_and_what_is_no_file_are_left_alone_and_wait_until_they_are_files(
    first: Path, newer: Path, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere.md"
    other.write_text("not ours\n", encoding="utf-8")
    page = (first / "docs/guide/responder.md").read_bytes()
    paths = ("docs/guide/responder.md", "runbooks/dns.md", ".pre-commit-config.yaml")
    hooks = (first / paths[-1]).read_bytes()
    for path in paths:
        (first / path).unlink(missing_ok=True)
        (first / path).symlink_to(other)
    (first / ".github/workflows/sweep.yml").unlink()
    (first / ".github/workflows/sweep.yml").mkdir()
    commit(first, "links")
    tool = Tool(newer, first)
    waits = {*paths, ".github/workflows/sweep.yml"}
    assert waiting(tool.run("upgrade", "--write", expected=1)) == waits
    commit(first, "upgrade")
    assert waiting(tool.run("upgrade", "--write", expected=1)) == waits
    assert other.read_text("utf-8") == "not ours\n"
    for path in paths:
        (first / path).unlink()
    (first / paths[0]).write_bytes(page)
    (first / paths[-1]).write_bytes(hooks)
    (first / ".github/workflows/sweep.yml").rmdir()
    commit(first, "files again")
    said = announced(tool.run("upgrade", "--write"))
    assert {path: said[path][0] for path in waits} == {
        "docs/guide/responder.md": "replace",
        "runbooks/dns.md": "add",
        ".pre-commit-config.yaml": "merge",
        ".github/workflows/sweep.yml": "leave",  # it was taken away
    }
    assert read(first, ".pre-commit-config.yaml").count(f"=={NEXT}") == 2


@pytest.mark.parametrize("link", [True, False])
def test_where_the_protocol_before_cannot_be_kept_both_preview_and_write_say_so(
    first: Path, newer: Path, tmp_path: Path, *, link: bool
) -> None:
    place = first / "protocol" / "versions"
    if link:
        place.symlink_to(tmp_path)
    else:
        place.write_text("a file\n", encoding="utf-8")
    commit(first, "in its place")
    before = read(first, "protocol/protocol.yml")
    tool = Tool(newer, first)
    why = "protocol/versions is no folder, so its version 2.0.0 cannot be kept there"
    for options in ((), ("--write",)):
        said = announced(tool.run("upgrade", *options, expected=1))
        assert said["protocol/protocol.yml"] == ("waits", why)
        assert "protocol/versions/2.0.0.yml" not in said
    assert read(first, "protocol/protocol.yml") == before


def test_a_marker_that_cannot_be_written_is_refused_in_the_preview_as_well(first: Path) -> None:
    marker = first / ".incident-tracker.yml"
    marker.unlink()
    marker.symlink_to("elsewhere.yml")
    said = Tool(ROOT, first).run("upgrade", "--from", FIRST, expected=2)
    assert ".incident-tracker.yml is a symbolic link" in said


def waiting(said: str) -> set[str]:
    return {path for path, (kind, _) in announced(said).items() if kind == "waits"}


def test_a_marker_that_says_what_is_not_so_hides_no_step(first: Path, newer: Path) -> None:
    tool = Tool(newer, first)
    tool.edit(".github/workflows/sweep.yml", "jobs:\n", "jobs:  # ours\n")
    hidden = ("docs/guide/responder.md", ".github/workflows/sweep.yml")
    lines = [
        f"  {path}: {hashlib.sha256((first / path).read_bytes()).hexdigest()}\n" for path in hidden
    ]
    marker = first / ".incident-tracker.yml"
    said = f"waiting:\n  docs-public/.gitkeep: {NEXT}\nwriting:\n{''.join(lines)}"
    marker.write_text(marker.read_text("utf-8") + said, encoding="utf-8")
    commit(first, "hostile")
    told = announced(tool.run("upgrade"))
    assert told["docs/guide/responder.md"] == ("replace", "you left it as it came")
    assert told["docs-public/.gitkeep"] == ("replace", "you left it as it came")
    assert told[".github/workflows/sweep.yml"] == (
        "leave",
        "an upgrade that was cut off wrote it, says .incident-tracker.yml",
    )


def test_a_read_only_tree_is_named_and_left_as_it_was(first: Path, newer: Path) -> None:
    tool = Tool(newer, first)
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && cd "$1" && shift && "$@"'
    done = subprocess.run(
        [
            *("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"),
            *(str(first), sys.executable, "-m", "incident_tracker", "upgrade", "--write"),
        ],
        env={**os.environ, "PYTHONPATH": str(newer / "tools")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Read-only file system" in done.stderr
    assert "help: check permissions and free space" in done.stderr
    assert differing(first) == set()
    assert tool.tracker == first


def test_schemas_that_are_there_are_computed_anew_and_no_others(first: Path, newer: Path) -> None:
    tool = Tool(newer, first)
    tool.run("schema", "--write")
    (first / "schema" / "contacts.json").unlink()
    schema = first / "schema" / "incident.json"
    schema.write_text("{}\n", encoding="utf-8")
    commit(first, "schemas")
    said = announced(tool.run("upgrade", "--write"))
    assert said["schema/incident.json"] == ("write", "computed anew")
    assert not (first / "schema" / "contacts.json").exists()
    assert "schema/contacts.json is missing" in tool.run("schema", "--check", expected=1)
    assert "incident.json" not in tool.run("schema", "--check", expected=1)


def test_a_schema_that_cannot_be_written_is_named_and_left_as_it_is(
    first: Path, newer: Path, tmp_path: Path
) -> None:
    tool = Tool(newer, first)
    tool.run("schema", "--write")
    other = tmp_path / "elsewhere.json"
    other.write_text("{}\n", encoding="utf-8")
    schema = first / "schema" / "incident.json"
    schema.unlink()
    schema.symlink_to(other)
    commit(first, "a link")
    for options in ((), ("--write",)):
        said = announced(tool.run("upgrade", *options))
        kind, why = said["schema/incident.json"]
        assert kind == "leave"
        assert why.startswith("is a symbolic link, or lies behind one; take it away, then: ")
    assert other.read_text("utf-8") == "{}\n"
    assert "waiting" not in read(first, ".incident-tracker.yml")
    schema.unlink()
    tool.run("schema", "--write")
    assert "up to date" in tool.run("schema", "--check")


@pytest.mark.parametrize("path", ["protocol/protocol.yml", "protocol/components.yml"])
def test_where_the_rules_cannot_be_read_no_schema_is_computed_and_all_else_is_upgraded(
    first: Path, newer: Path, tmp_path: Path, path: str
) -> None:
    tool = Tool(newer, first)
    tool.run("schema", "--write")
    shutil.move(first / path, tmp_path / "elsewhere.yml")
    (first / path).symlink_to(tmp_path / "elsewhere.yml")
    schema = first / "schema" / "incident.json"
    schema.write_text("{}\n", encoding="utf-8")
    commit(first, "a link")
    said = announced(tool.run("upgrade", "--write", expected=(0, 1)))
    assert said["docs/guide/responder.md"] == ("replace", "you left it as it came")
    assert not [name for name in said if name.startswith("schema/")]
    assert schema.read_text("utf-8") == "{}\n"


def test_the_tool_from_git_is_asked_for_at_the_commit_of_the_new_tag(
    tmp_path: Path, newer: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    begin(source)
    old = git(source, "rev-parse", "HEAD")
    git(source, "tag", f"v{FIRST}")
    root = made_by(FIRST, tmp_path / "tracker", Pin(FIRST, source.as_uri(), old))
    begin(root)
    tool = Tool(newer, root)
    told = tool.run("upgrade")
    said = announced(told)
    assert f"asking {source.as_uri()} for the tag v{NEXT}: git ls-remote\n" in told
    assert said["requirements.txt"] == (
        "leave",
        f"goes on to ask for {FIRST}: {source.as_uri()} has no tag v{NEXT}",
    )
    new = commit(source, "the next one")
    git(source, "tag", f"v{NEXT}")
    tool.run("upgrade", "--write")
    assert f"incident-tracker @ git+{source.as_uri()}@{new}  # v{NEXT}\n" in read(
        root, "requirements.txt"
    )
    assert read(root, ".pre-commit-config.yaml").count(new) == 2
    assert old not in read(root, "requirements.txt") + read(root, ".pre-commit-config.yaml")


def test_hooks_that_cannot_be_read_are_named_each_time_with_what_they_should_ask_for(
    from_git: Path, newer: Path, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    git(source, "tag", "--delete", f"v{NEXT}")
    tool = Tool(newer, from_git)
    assert announced(tool.run("upgrade", "--write"))["requirements.txt"][0] == "leave"
    hooks = from_git / ".pre-commit-config.yaml"
    hooks.rename(tmp_path / "hooks.yml")
    hooks.symlink_to(tmp_path / "hooks.yml")
    commit(from_git, "hooks behind a link, and no tag yet")
    new = commit(source, "the next one")
    git(source, "tag", f"v{NEXT}")
    asks = f"see yourself that it asks for incident-tracker @ git+{source.as_uri()}@{new}"
    for _ in ("written", "nothing to do"):
        said = announced(tool.run("upgrade", "--write"))
        why = f"is a symbolic link, or lies behind one; {asks}"
        assert said[".pre-commit-config.yaml"] == ("leave", why)
    assert new in read(from_git, "requirements.txt")


@pytest.fixture
def meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Lets something happen just before a command of Git that the tool runs answers."""

    def happens(asked: str, script: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / "git"
        program.write_text(
            f'#!/bin/sh\ncase " $* " in *" {asked} "*) {script};; esac\n'
            f'exec {shutil.which("git")} "$@"\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    return happens


@pytest.fixture
def from_git(tmp_path: Path) -> Path:
    """A tracker of the first version that asks for the tool at an address of Git, committed."""
    source = tmp_path / "source"
    source.mkdir()
    begin(source)
    git(source, "tag", f"v{FIRST}")
    git(source, "tag", f"v{NEXT}")
    pin = Pin(FIRST, source.as_uri(), git(source, "rev-parse", "HEAD"))
    root = made_by(FIRST, tmp_path / "tracker", pin)
    begin(root)
    return root


def test_nobody_waits_while_another_machine_is_asked_and_what_is_edited_then_stays(
    from_git: Path, newer: Path, meanwhile: Callable[[str, str], None]
) -> None:
    tool = Tool(newer, from_git)
    tool.run("new", "Search is slow", "--severity", "P2", "--by", "bo")
    page = from_git / "docs/guide/responder.md"
    log = f"timeout 60 {sys.executable} -m incident_tracker -C {from_git} log 'Still slow'"
    meanwhile("ls-remote", f"{log} && printf '\\nEdited.\\n' >> {page}")
    tool.run("upgrade", "--write", "--uncommitted")
    assert read(from_git, "docs/guide/responder.md").startswith("# For responders\n")
    assert read(from_git, "docs/guide/responder.md").endswith("\nEdited.\n")
    (record,) = from_git.glob("incidents/*/*.md")
    assert "Still slow" in record.read_text("utf-8")


@pytest.mark.parametrize(
    ("asked", "path"),
    [("ls-remote", "requirements.txt"), ("ls-tree", "docs/guide/responder.md")],
)
def test_what_changes_between_plan_and_write_is_refused(
    from_git: Path, newer: Path, meanwhile: Callable[[str, str], None], asked: str, path: str
) -> None:
    meanwhile(asked, f"echo '# Edited.' >> {from_git / path}")
    said = Tool(newer, from_git).run("upgrade", "--write", expected=2)
    assert f"{path} changed while this was at work" in said
    assert differing(from_git) == {path}
    assert read(from_git, path).endswith("\n# Edited.\n")


@pytest.mark.parametrize("scheme", ["ext::sh -c touch% pwn", "ext::touch", "fd::17", "ssh://-oX"])
def test_an_address_that_would_run_something_is_asked_nothing(first: Path, scheme: str) -> None:
    pin = f"incident-tracker @ git+{scheme}@{'a' * 40}  # v{FIRST}\n"
    (first / "requirements.txt").write_text(pin, encoding="utf-8")
    commit(first, "hostile")
    told = Tool(ROOT, first).run("upgrade", expected=(0, 1))
    assert announced(told)["requirements.txt"][0] in ("leave", "waits")
    # Git itself refuses a host that looks like an option.
    assert ("asking" in told) is scheme.startswith("ssh:")
    assert not list(first.rglob("pwn"))


def test_the_help_says_whom_an_upgrade_asks(first: Path) -> None:
    said = " ".join(Tool(ROOT, first).run("upgrade", "--help").split())
    assert "is asked for the tag of this version (git ls-remote), also without --write" in said


def test_the_configuration_of_a_strangers_repository_leads_to_no_other_address(first: Path) -> None:
    pin = f"incident-tracker @ git+file:///nowhere@{'a' * 40}  # v{FIRST}\n"
    (first / "requirements.txt").write_text(pin, encoding="utf-8")
    commit(first, "hostile")
    git(first, "config", "protocol.ext.allow", "always")
    git(first, "config", f"url.ext::touch {first}/pwn .insteadOf", "file:///nowhere")
    said = Tool(ROOT, first).run("upgrade", expected=(0, 1))
    assert f"goes on to ask for {FIRST}: git ls-remote failed: '/nowhere'" in said
    assert not (first / "pwn").exists()


def test_a_version_in_development_says_that_nobody_can_install_it(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tool = Tool(copied(tmp_path_factory.mktemp("dev"), "99.1.0.dev0"), tmp_path)
    assert "99.1.0.dev0 is no release" in tool.run("init", "t")
    assert "incident-tracker==99.1.0.dev0" in read(tmp_path / "t", "requirements.txt")
    assert "nothing to do" in tool.run("-C", "t", "upgrade")
    assert "is no release" not in Tool(ROOT, tmp_path).run("init", "u")


def test_a_pin_that_was_raised_by_hand_already_is_raised_everywhere(first: Path) -> None:
    tool = Tool(ROOT, first)
    tool.edit("requirements.txt", f"=={FIRST}", f"=={__version__}")
    commit(first, "raised")
    tool.run("upgrade", "--write")
    assert read(first, ".pre-commit-config.yaml").count(f"=={__version__}") == 2
    assert DAY.isoformat() in read(first, ".incident-tracker.yml")


def test_prose_that_names_a_version_is_left_as_it_is(first: Path) -> None:
    words = f"\nWe moved to incident-tracker=={FIRST} on 3 May.\n"
    page = first / "README.md"
    page.write_text(page.read_text("utf-8") + words, encoding="utf-8")
    commit(first, "words")
    Tool(ROOT, first).run("upgrade", "--write", expected=(0, 1))
    assert read(first, "README.md").endswith(words)


def test_a_file_that_did_not_come_with_the_tracker_cannot_be_kept(first: Path) -> None:
    said = Tool(ROOT, first).run("upgrade", "--keep", "incidents/x.md", expected=2)
    assert "is no file that came with the tracker" in said
