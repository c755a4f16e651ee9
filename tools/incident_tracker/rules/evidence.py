"""Rules about the files that a timeline names as evidence."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.changes import ChangeSet, RecordChange, entries_of
from incident_tracker.evidence import A_FOLDER, FOLDER, kept
from incident_tracker.model import Entry, Incident
from incident_tracker.registry import Context, Example, Problem, rule

DONE = "- 11:14 - Done: test a release with the old index\n"
KEPT = "evidence/2026-03-02-good/error-log.txt"
LOG = "10:00 search answers 500\n"
SUM = "c3cc357b700cd065aa4110a65d338a396e4a4fc5c9b93add8068b918d3a3135b"
LINE = f"- 11:20 - Evidence: {KEPT} sha256:{SUM} the server's log\n"
SHOWN = 12


@rule(
    "TML017",
    Incident,
    imported=False,
    bad=(
        Example(replace={DONE: DONE + LINE}),
        Example(replace={DONE: DONE + LINE}, beside={KEPT: "10:00 all is well\n"}),
    ),
    good=(
        Example(replace={DONE: DONE + LINE}, beside={KEPT: LOG}),
        Example(replace={DONE: DONE + LINE.replace(KEPT, "https://vault.example/error-log.txt")}),
    ),
)
def evidence_as_it_was_kept(incident: Incident, context: Context) -> Iterator[Problem]:
    """A file of the tracker that a line names as evidence is there, as it was when it was kept.

    **Why.** What cannot be read any more, or was changed since, proves nothing.

    **Fix.** Bring the file back from Git's history. If it lies elsewhere now, write a new line that
    says where.
    """
    there = context.tracker.evidence
    if there is None or incident.is_withdrawn:
        return
    for path, entry in kept(incident):
        wanted, found = entry.said.sha256 if entry.said else "", there.get(path)
        back = f"git log --oneline -- {path}, then: git checkout COMMIT -- {path}"
        if found is None:
            yield Problem(entry.text_position, f"{path} is not there", back)
        elif wanted and found and wanted != found:
            message = f"{path} is another file than the one that was kept"
            note = f"its checksum is {found[:SHOWN]}…, that of the line {wanted[:SHOWN]}…"
            if found == A_FOLDER:
                message, note = f"{path} is a folder", "a file was kept"
            yield Problem(entry.text_position, message, back, note=note)


@rule("CHG014", RecordChange)
def checksums_stay(change: RecordChange, context: Context) -> Iterator[Problem]:
    """The checksum of evidence stays in its line.

    **Why.** It says that the file is the one that was kept; with a new one, it may be any file.

    **Fix.** Put the checksum and the file back; another file is kept beside the first, by
    `incident evidence`, with a line of its own.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident) or not isinstance(new, Incident):
        return
    gone = entries_of(old, new).gone
    now: dict[str, list[Entry]] = {}
    for path, entry in kept(new):
        now.setdefault(_below(path, new), []).append(entry)
    for path, entry in kept(old):
        wanted, found = _sum(entry), now.get(_below(path, old), [])
        if wanted and found and wanted not in map(_sum, found) and entry not in gone:
            message = f"the checksum of {path} was replaced"
            if not _sum(found[0]):
                message = f"the checksum of {path} is gone"
            note = change.stood(entry.position)
            yield Problem(found[0].text_position, message, f"sha256:{wanted}", note=note)


@rule("CHG015", ChangeSet)
def evidence_stays(changes: ChangeSet, context: Context) -> Iterator[Problem]:
    """A file that was kept as evidence is neither taken away nor altered.

    **Why.** Evidence that somebody could change afterwards is none.

    **Fix.** Bring it back from Git's history. What must go, goes with its incident, by
    `incident withdraw ID --erase`; or a line names it, and `incident waive ID TML017` says why it
    is not there.
    """
    known = {path for incident in changes.new.incidents for path, _ in kept(incident)}
    told = {path for path in known if _is_told(path, changes)}
    for path in sorted(changes.altered - told):
        if not changes.new.is_withdrawn(path.split("/")[1]):
            message = f"{path} was taken away or altered"
            yield Problem(None, message, f"git checkout {changes.commit} -- {path}", path=path)


def _is_told(path: str, changes: ChangeSet) -> bool:
    """Whether a line names a file that is not there, or has its checksum: TML017, CHG014."""
    found = (changes.new.evidence or {}).get(path)
    lines = (e for one in changes.new.incidents for name, e in kept(one) if name == path)
    return found is None or (bool(found) and any(map(_sum, lines)))


def _below(path: str, incident: Incident) -> str:
    """The path below the incident's own folder, which is renamed with it."""
    return path.removeprefix(f"{FOLDER}{incident.id}/")


def _sum(entry: Entry) -> str:
    return entry.said.sha256 if entry.said is not None else ""
