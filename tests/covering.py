"""A row of `coverage.yml` played: its state made in a folder, and what is seen there, as text."""

from __future__ import annotations

import html
import io
import re
import shlex
import shutil
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from typed import Tracker

from incident_tracker.coverage import Requirement, State, read_coverage
from incident_tracker.examples import files_with, good_files
from incident_tracker.pages import Site, each
from incident_tracker.protocol import PATH as PROTOCOL
from incident_tracker.registry import Example
from incident_tracker.workspace import Workspace

ROOT = Path(__file__).parents[1]
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
# A test run is a pull request's as little as it is a terminal's, whatever the machine is.
SURROUNDINGS = ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "INCIDENT_PUSH")


@cache
def requirements() -> tuple[Requirement, ...]:
    """The rows of this repository's table."""
    table, faults = read_coverage((ROOT / "protocol" / "coverage.yml").read_text("utf-8"))
    assert table is not None, faults
    return table.rows


def seen(
    row: Requirement,
    state: State,
    root: Path,
    read: Callable[[], tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """What somebody reads who looks where the row says, in a tracker of that state."""
    for name in SURROUNDINGS:
        monkeypatch.delenv(name, raising=False)
    for path, data in _files(state).items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    tracker, now = Tracker(root=root, read=read), datetime.fromisoformat(state.now)
    monkeypatch.chdir(root)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(now.timestamp())))
    for line in state.run:
        said = _typed(tracker, line, state.input, monkeypatch)
        assert "\nexit 0\n" in said, f"{line}\n{said}"
    what, _, rest = row.see.partition(" ")
    if what == "page":
        return page_text(root, rest, now)
    if what == "file":
        return (root / rest).read_text("utf-8")
    return _typed(tracker, row.see, state.input, monkeypatch)


def changes(state: State) -> bool:
    """Whether the state is anything but the known-good records."""
    return bool(state.set or state.replace or state.beside or state.protocol or state.run)


def unchanged(state: State) -> State:
    """The known-good records at the same moment."""
    return State(record=state.record, input=state.input, now=state.now)


@cache
def _shipped() -> dict[str, bytes]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in ("protocol", "runbooks")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and path.name != "coverage.yml"
    }


def _files(state: State) -> dict[str, bytes]:
    files = {**_shipped(), **good_files()}
    example = Example(
        record=state.record,
        set={key: value or None for key, value in state.set.items()},
        replace=state.replace,
        beside=state.beside,
    )
    files |= files_with(example)
    files = {path: data for path, data in files.items() if data}
    text = files[PROTOCOL].decode()
    for old, new in state.protocol.items():
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in protocol.yml"
        text = text.replace(old, new)
    return {**files, PROTOCOL: text.encode()}


def _typed(tracker: Tracker, line: str, stdin: str, monkeypatch: pytest.MonkeyPatch) -> str:
    command, *arguments = shlex.split(line)
    assert command == "incident", f"no command: {line}"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
    said = tracker.incident(*arguments)
    return f"{said.out}\n{said.err}\nexit {said.status}\n"


def page_text(root: Path, path: str, now: datetime) -> str:
    """What a page of a tracker says, without marks."""
    workspace = Workspace.find(root)
    folder = root / "protocol"
    texts = {f"protocol/{p.name}": p.read_text("utf-8") for p in sorted(folder.glob("*.md"))}
    site = Site(now=now, texts=texts, requirements=requirements())
    page = next((page for page in each(workspace.load(), site) if page.path == path), None)
    assert page is not None, f"no page {path}"
    return " ".join(html.unescape(TAG.sub(" ", page.markdown)).split())


def clean(folder: Path) -> Path:
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
