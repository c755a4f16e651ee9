"""What is known of the build before: opened, and asked for what still holds."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from incident_tracker.asking.memo import Memo, kept_nodes
from incident_tracker.asking.records import asked
from incident_tracker.asking.trace import Asking
from incident_tracker.audience import Audience, seen_by
from incident_tracker.check import Report, check
from incident_tracker.checking import check_files
from incident_tracker.lazily import Files, HeldWorkspace, lazy_tracker
from incident_tracker.loading import FIXED
from incident_tracker.memory import VERDICTS, Memory, base, code_changed_since
from incident_tracker.mkdocs_key import programs
from incident_tracker.model import Tracker
from incident_tracker.page_store import Store, opened
from incident_tracker.pages.redirects import redirects
from incident_tracker.protocol import Protocol
from incident_tracker.recalling import tables_of
from incident_tracker.workspace import Workspace

STARTED = time.time()
REGISTERS = FIXED[1:]  # what stands in them is asked


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A tracker, and what was made of it before; no ``memo`` where nothing is kept."""

    whole: Tracker
    tracker: Tracker
    """What its audience sees."""
    memo: Memo | None = None
    files: Files | None = None

    def redirects(self, *, folders: bool) -> Sequence[tuple[str, str]]:
        """The pages at the old addresses of records: their places, and the HTML."""
        memo = self.memo
        if memo is None:
            return tuple(redirects(self.tracker, folders=folders))
        key = memo.key(("redirects", folders))
        made = memo.known("redirects", key) or memo.taken(
            "redirects", key, memo.made(lambda: _lines(memo.tracker, folders=folders))
        )
        return [(place, text) for place, text in json.loads(made)]

    def finish(self) -> Collection[str]:
        """Keep what the next build asks first; return the names of all that is kept."""
        if self.memo is None:
            return ()
        self.memo.finish()
        if self.files is None:
            return self.memo.names
        self.files.keep()
        return self.memo.names | self.files.names


def store_of(root: Path, audience: Audience, site: tuple[object, ...], *, use: bool) -> Store:
    """What is kept for one site, which its configuration names."""
    # While our own sources are changed, what they make is not what their digest says.
    use = use and not code_changed_since(STARTED)
    return opened("\0".join(map(str, (root, audience, *site))), root, use=use)


def known(workspace: Workspace, audience: Audience, now: datetime, store: Store | None) -> Known:
    """Read a tracker, and find what was made of it before."""
    if store is None or not store.is_lasting:
        whole = _whole(workspace, audience)
        return Known(whole=whole, tracker=seen_by(audience, whole))
    protocol = workspace.protocol()
    common = _common(workspace, protocol, audience)
    asking = Asking(now, kept_nodes(store, common))
    if audience is Audience.INTERNAL:
        lazy, files = lazy_tracker(workspace, protocol, asking, store, common)
        memo = Memo(asking, store, common, lazy, lambda: _report(workspace, files))
        return Known(whole=lazy, tracker=lazy, memo=memo, files=files)
    whole = _whole(workspace, audience)
    seen = seen_by(audience, whole)
    memo = Memo(asking, store, common, asked(seen, asking), lambda: check(seen))
    return Known(whole=whole, tracker=seen, memo=memo)


def _report(workspace: Workspace, files: Files) -> Report:
    """The verdict, with the help of what checks have judged before."""
    held = HeldWorkspace(workspace.root, files.sources)
    return check_files(held, remembered=lambda: Memory.of(workspace.root, VERDICTS)).report


def _whole(workspace: Workspace, audience: Audience) -> Tracker:
    return workspace.load() if audience is Audience.PUBLIC else workspace.load_with_evidence()


def _common(workspace: Workspace, protocol: Protocol, audience: Audience) -> str:
    """What everything depends on that is made of a tracker, and nothing asks for."""
    tables = {p: data for p, data in tables_of(workspace).items() if p not in REGISTERS}
    zones = [protocol.zone, *(old.zone for old in protocol.superseded.values())]
    parts = [base(tables, zones).hex(), audience.value, *programs()]
    return blake2b(json.dumps(parts, allow_nan=False).encode(), digest_size=16).hexdigest()


def _lines(tracker: Tracker, *, folders: bool) -> bytes:
    return json.dumps(list(redirects(tracker, folders=folders)), allow_nan=False).encode()
