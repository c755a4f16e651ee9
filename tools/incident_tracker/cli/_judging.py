"""How ``incident check`` comes to its verdict: all records, or what a change owes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from incident_tracker.baseline import Baseline, NotABaselineError
from incident_tracker.changes import ChangeSet
from incident_tracker.check import Report, check
from incident_tracker.check_changes import check_changes
from incident_tracker.checking import Checked, check_files
from incident_tracker.cli._remembering import memory_of
from incident_tracker.cli._selection import narrowed, paths_of, select
from incident_tracker.errors import TrackerError
from incident_tracker.fix import Fixed, fix
from incident_tracker.lifecycle.moments import moment_now
from incident_tracker.memory import VERDICTS
from incident_tracker.model import Tracker
from incident_tracker.parse import stem
from incident_tracker.text.document import Document
from incident_tracker.workspace import Workspace

if TYPE_CHECKING:
    from incident_tracker.formats.job_summary import Progress

ANEW = "bring it back from Git, or delete it and write it anew"


@dataclass(frozen=True)
class Judging:
    """What is judged: the whole tracker, or a change of it, at some paths or at all."""

    workspace: Workspace
    changes: ChangeSet | None
    wanted: frozenset[str] | None
    checked: Checked | None = None
    whole: Tracker | None = None

    @classmethod
    def start(
        cls,
        workspace: Workspace,
        paths: Sequence[str],
        since: str | None,
        *,
        staged: bool,
        mends: bool = False,
        remember: bool = True,
    ) -> Judging:
        """Read what is to be judged; all records are read in any case.

        What ``mends`` needs them whole, and comes to its verdict from them.
        """
        changes = checked = whole = None
        if since is not None or staged:
            from incident_tracker.history.comparing import changed_in_index, changed_since

            changes = (
                changed_in_index(workspace) if staged else changed_since(workspace, since or "")
            )
            known = {*paths_of(changes.new), *changes.touched}
        elif mends:
            whole = workspace.load_with_evidence()
            known = {*paths_of(whole)}
        else:
            checked = (
                check_files(workspace, remembered=partial(memory_of, workspace, VERDICTS))
                if remember
                else check_files(workspace)
            )
            known = {*checked.paths}
        wanted = select(known, [_inside(path, workspace) for path in paths])
        return cls(workspace, changes, wanted, checked, whole)

    @property
    def tracker(self) -> Tracker:
        """The records, where a check of a change or what mends them needs them whole."""
        tracker = self.changes.new if self.changes else self.whole
        if tracker is None:
            raise LookupError("these records were judged without being held")
        return tracker

    @cached_property
    def report(self) -> Report:
        """The verdict, before any baseline."""
        if self.changes:
            report = check_changes(self.changes)
        else:
            report = self.checked.report if self.checked else check(self.tracker)
        return narrowed(report, self.wanted)

    def progress(self) -> tuple[Progress, ...]:
        """Return how far the changed incidents are, as of now: this is no part of the verdict."""
        from incident_tracker.formats.job_summary import summarised

        if self.changes is None:
            return ()
        protocol, epoch = self.tracker.protocol, os.environ.get("SOURCE_DATE_EPOCH")
        now = moment_now(None, epoch, datetime.now(UTC), protocol.tzinfo)
        paths = self.changes.touched if self.wanted is None else self.changes.touched & self.wanted
        return summarised(self.tracker, {stem(path) for path in paths}, now)

    def fixed(self) -> Fixed:
        """Return what needs no decision, mended, in the files that are judged."""
        paths = self.wanted
        if self.changes:
            touched = self.changes.touched
            paths = touched if paths is None else touched & paths
        return fix(self.tracker, paths)

    def after(self, fixed: Fixed) -> Judging:
        """Return the judging of what was mended."""
        if self.changes:
            return replace(self, changes=replace(self.changes, new=fixed.tracker))
        return replace(self, whole=fixed.tracker)

    def against(self, typed: str, *, write: bool) -> tuple[Report, str]:
        """Return the verdict without what a baseline file accepts, and what was written into it.

        A file that is not there yet is made by ``write``; one that is there only gets shorter.
        """
        path = Path(typed)
        if write:
            return self._written(path)
        text = _text(path)
        baseline = _baseline(path, text)
        report = baseline.applied(self.report)
        if self.changes is None:
            return report, ""
        before = self._before(path)
        name = _inside(typed, self.workspace)
        grown = baseline.grown(_baseline(path, before), name, text) if before is not None else ()
        return replace(report, findings=tuple(sorted([*report.findings, *grown]))), ""

    def _written(self, path: Path) -> tuple[Report, str]:
        if self.report.is_partial:
            message = "a baseline is written from all records"
            raise TrackerError(message, "leave out --since, --staged and PATH")
        there = path.exists()
        old = _baseline(path, _text(path)) if there else None
        new = old.shrunk(self.report.findings) if old else Baseline.of(self.report.findings)
        if old is None or new.entries != old.entries:
            self.workspace.put(path, new.text())
        gone = old.entries.total() - new.entries.total() if old else 0
        said = f"took {gone:,} out of {path}" if there else f"wrote {path}"
        return new.applied(self.report), f"{said}: it accepts {new.entries.total():,} findings"

    def _before(self, path: Path) -> str | None:
        from incident_tracker.history.comparing import file_before

        assert self.changes is not None  # noqa: S101 # asked for a change only
        found = file_before(self.workspace, self.changes.commit, path)
        return found.decode("utf-8", "replace") if found is not None else None


def write_fixed(workspace: Workspace, path: str, before: str, text: str) -> None:
    """Write a mended file, if nobody wrote another one meanwhile."""

    def replaced(document: Document) -> str:
        if document.text != before:
            message = f"{path} was changed by somebody else meanwhile"
            raise TrackerError(message, "run the command again")
        return text

    workspace.change(path, replaced)


def _inside(typed: str, workspace: Workspace) -> str:
    """Return a typed path relative to the tracker's root; one outside of it as it is."""
    path = Path(os.path.normpath(Path.cwd() / typed))
    # The last part may be a symbolic link in a record folder, which has a finding of its own.
    path = path.parent.resolve() / path.name
    return (
        path.relative_to(workspace.root).as_posix()
        if path.is_relative_to(workspace.root)
        else typed
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        message = f"there is no baseline {path}"
        hint = f"incident check --baseline {path} --write-baseline"
        raise TrackerError(message, hint) from error
    except UnicodeDecodeError as error:
        message = f"{path} is no baseline: it is not UTF-8"
        raise TrackerError(
            message, "bring it back from Git, or delete it and write it anew"
        ) from error


def _baseline(path: Path, text: str) -> Baseline:
    try:
        return Baseline.read(text)
    except NotABaselineError as error:
        message = f"{path} is no baseline: {error}"
        raise TrackerError(
            message, "bring it back from Git, or delete it and write it anew"
        ) from error
