"""Incidents for tests, written as the text of a record and read as every record is."""

from __future__ import annotations

from collections.abc import Iterable

from conftest import ROOT
from incident_tracker.model import Incident, Review, Tracker
from incident_tracker.parse import parse
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.text.document import read_document


def _protocol() -> Protocol:
    read, faults = read_protocol((ROOT / "protocol" / "protocol.yml").read_text("utf-8"))
    assert read is not None, faults
    return read


PROTOCOL = _protocol()


def incident(
    name: str,
    *,
    severity: str = "P1",
    detected: str = "2026-03-01T10:00Z",
    status: str = "",
    timeline: Iterable[str] = (),
    updates: Iterable[str] = (),
    actions: Iterable[str] = (),
    **fields: str | None,
) -> Incident:
    """The incident of these fields; ``acknowledged="…"`` and the like are its times.

    Its id is the day of detection and the name, its status what its times say.
    """
    times = {key for key in fields if key in {"acknowledged", "resolved", "verified", "closed"}}
    status = status or next(
        (word for time, word in STATUS_BY_TIME if time in times), "investigating"
    )
    front = {"title": f"About {name}", "severity": severity, "status": status, "kind": "outage"}
    front |= {"components": "[website]", "detected_at": detected}
    for key, value in fields.items():
        front[f"{key}_at" if key in TIMES else key] = value or ""
    text = _record(
        {key: value for key, value in front.items() if value},
        {"Timeline": timeline, "Updates": updates, "Action Items": actions},
    )
    path = f"incidents/{detected[:4]}/{detected[:10]}-{name}.md"
    read = parse(read_document(path, text.encode()), PROTOCOL)
    assert isinstance(read.record, Incident), read.faults
    return read.record


TIMES = ("started", "acknowledged", "mitigated", "resolved", "verified", "closed")
STATUS_BY_TIME = (("closed", "closed"), ("verified", "resolved"), ("resolved", "monitoring"))


def review(
    of: Incident, *, actions: Iterable[str] = (), boxes: Iterable[str] = (), **fields: str
) -> Review:
    """The review of an incident with these fields."""
    text = _record({"status": "draft", **fields}, {"Action Items": actions, "Checklist": boxes})
    path = of.path.replace("incidents/", "pir/")
    read = parse(read_document(path, text.encode()), of.protocol)
    assert isinstance(read.record, Review), read.faults
    return read.record


def tracker(*records: Incident | Review) -> Tracker:
    """The tracker of these records."""
    return Tracker(
        protocol=PROTOCOL,
        incidents=tuple(one for one in records if isinstance(one, Incident)),
        reviews=tuple(one for one in records if isinstance(one, Review)),
    )


def _record(front: dict[str, str], sections: dict[str, Iterable[str]]) -> str:
    lines = ["---", *(f"{key}: {value}" for key, value in front.items()), "---"]
    for title, content in sections.items():
        written = list(content)
        if written:
            lines += [f"## {title}", *written, ""]
    return "\n".join(lines) + "\n"
