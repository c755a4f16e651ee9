"""What the build before made: opened, and asked for what still holds."""

from __future__ import annotations

import json
import time
from hashlib import blake2b
from typing import TYPE_CHECKING

from incident_tracker.asking.memo import Memo, kept_nodes
from incident_tracker.asking.records import asked
from incident_tracker.asking.trace import Asking
from incident_tracker.loading import FIXED
from incident_tracker.memory import base, code_changed_since
from incident_tracker.mkdocs_key import programs
from incident_tracker.page_store import Store, opened
from incident_tracker.recalling import tables_of

if TYPE_CHECKING:
    from incident_tracker.audience import Audience
    from incident_tracker.model import Tracker
    from incident_tracker.pages import Site
    from incident_tracker.workspace import Workspace

STARTED = time.time()
REGISTERS = FIXED[1:]  # what stands in them is asked


def store_of(workspace: Workspace, audience: Audience, site: tuple[object, ...], *, use: bool) -> Store:
    """What is kept for one site, which its configuration names."""
    # While our own sources are changed, what they make is not what their digest says.
    use = use and not code_changed_since(STARTED)
    name = "\0".join(map(str, (workspace.root, audience, *site)))
    return opened(name, workspace.root, use=use)


def memo_of(workspace: Workspace, tracker: Tracker, site: Site, store: Store) -> Memo | None:
    """What was made of a tracker, as its audience sees it; None where nothing is kept."""
    if not store.is_lasting:
        return None
    protocol = tracker.protocol
    tables = {p: data for p, data in tables_of(workspace).items() if p not in REGISTERS}
    zones = [protocol.zone, *(old.zone for old in protocol.superseded.values())]
    parts = [base(tables, zones).hex(), site.audience.value, *programs()]
    common = blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()
    asking = Asking(site.now, kept_nodes(store, common))
    return Memo(asking, store, common, asked(tracker, asking))
