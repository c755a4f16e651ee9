"""What ``export`` does: choose the format, make its files, and print them or write them."""

from __future__ import annotations

from pathlib import Path

from incident_tracker.assemble import FOLDERS
from incident_tracker.audience import Audience, withheld
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import MOST_NAMED, Paint, hand_over, say, warn
from incident_tracker.exporting import Delivered, deliver, deliver_file, hand_written
from incident_tracker.exports.declare import Export, Settings, exports
from incident_tracker.formats import plural
from incident_tracker.formats.declare import edit_address
from incident_tracker.formats.home import home_of
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Tracker
from incident_tracker.text.tables import nearest

SITES = {Audience.INTERNAL: "mkdocs.yml", Audience.PUBLIC: "mkdocs-public.yml"}
"""Where the address of the site stands that an audience reads."""
GUIDES = {Audience.INTERNAL: "docs", Audience.PUBLIC: "docs-public"}
"""The folder of what people wrote for that site."""
OWN = (*FOLDERS, "protocol", "evidence", ".git")


def run(form: str, dest: str | None, audience: str, now: str | None, *, force: bool) -> int:
    """Export the tracker; 0, 1 where a record could not be read or was kept back for its form."""
    session = Session.start(now)
    chosen, reader = _chosen(form), Audience(audience)
    target = _target(session, dest)
    settings = _settings(session, chosen, reader)
    files = chosen.files(_tracker(session, chosen, reader), session.now, settings)
    if target is None and len(files) > 1:
        raise Refusal(f"{form} is {plural(len(files), 'file')}", f"incident export {form} FOLDER")
    kept_back = withheld(session.whole) if reader is Audience.PUBLIC else ()
    for path in kept_back[:MOST_NAMED]:
        warn(f"{path} is public, but not well-formed: it is left out", f"incident check {path}")
    if target is None:
        hand_over(next(iter(files.values())).decode())
        say(f"for the audience {audience}", err=True)
    else:
        is_folder = len(files) > 1 or target.is_dir() or (dest or "").endswith("/")
        done = (
            deliver(target, form, files, force=force, audience=reader)
            if is_folder
            else deliver_file(target, next(iter(files.values())), force=force)
        )
        _tell(done, target, audience)
    return 1 if session.unread or kept_back else 0


def _chosen(form: str) -> Export:
    known = exports()
    if form in known:
        return known[form]
    near = nearest(form, tuple(known))
    hint = f"did you mean {near}?" if near else f"one of: {', '.join(known)}"
    raise Refusal(f'no export "{form}"', hint)


def _settings(session: Session, chosen: Export, reader: Audience) -> Settings:
    """What the format may know; only one that is made of pages asks Git and the guide for it."""
    workspace = session.workspace
    mkdocs = workspace.text(SITES[reader]) or ""
    home = home_of(mkdocs)
    if not chosen.of_pages:
        return Settings(audience=reader, home=home)
    from incident_tracker.building import public_site_of, site_of

    site = (
        public_site_of(workspace, session.whole, session.now, home)
        if reader is Audience.PUBLIC
        else site_of(workspace, session.now, edit_address(mkdocs), home, reader)
    )
    return Settings(
        audience=reader,
        home=home,
        mkdocs=mkdocs,
        written=hand_written(workspace.root, GUIDES[reader]),
        site=site,
    )


def _tracker(session: Session, chosen: Export, reader: Audience) -> Tracker:
    whole = session.whole
    shows_evidence = chosen.of_pages and reader is Audience.INTERNAL
    return session.workspace.with_evidence(whole) if shows_evidence else whole


def _target(session: Session, dest: str | None) -> Path | None:
    """Where to write; Refusal for the tracker itself and the folders of its records."""
    if dest is None:
        return None
    target, root = Path(dest).resolve(), session.workspace.root
    inside = target.relative_to(root).parts if target.is_relative_to(root) else None
    if root.is_relative_to(target) or (inside and inside[0] in OWN):
        raise Refusal(f"{dest} holds the tracker's own files", "give a folder of its own")
    return target


def _tell(done: Delivered, target: Path, audience: str) -> None:
    counts = {"wrote": done.written, "as they were:": done.same, "removed": done.removed}
    parts = [f"{verb} {plural(len(paths), 'file')}" for verb, paths in counts.items() if paths]
    say(Paint(str(target), "green"), f": {', '.join(parts) or 'no file'} (audience: {audience})")
    for path in done.left[:MOST_NAMED]:
        warn(f"{path} is written no more, but somebody changed it: it stays", f"rm {path}")
