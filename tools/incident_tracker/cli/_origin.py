"""Which version wrote a tracker's files: as it says itself, as it is told, or by the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from incident_tracker import __version__
from incident_tracker.errors import TrackerError
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.releases import released
from incident_tracker.upgrading import marker
from incident_tracker.upgrading.files import There
from incident_tracker.upgrading.marker import MadeBy, read_marker
from incident_tracker.upgrading.pins import Pin, pinned
from incident_tracker.upgrading.versions import order

Files = Callable[[str], Mapping[str, bytes]]
Read = Callable[[str], There]


def origin_of(root: Path, there: There, told: str | None, files: Files, read: Read) -> MadeBy:
    """Return which version wrote the files of the tracker at a root; Refusal where none can be.

    ``there`` is its marker; what a person says of the version counts more than what that says.
    """
    known = [*released(), __version__]
    if there.wrong:
        raise TrackerError(f"{marker.PATH} {there.wrong}", "put the file itself there")
    if told is not None:
        found = _told(there.content or b"", told, known)
    elif there.content is None:
        found = MadeBy(version=_by_files(root, files, read))
    else:
        found = _said(there.content)
    _refuse_another_under_way(found)
    for version in (found.version, *found.waiting.values()):
        _refuse_unknown(version, known)
    return found


def _refuse_another_under_way(found: MadeBy) -> None:
    """Refuse to go on with what another version began: some files are its, and some are older."""
    if found.writing and found.towards not in ("", __version__):
        under_way = f"an upgrade from {found.version} to {found.towards} was cut off"
        message = f"{under_way}, and this is {__version__}"
        finish = f"pip install 'incident-tracker=={found.towards}' && incident upgrade --write"
        raise Refusal(message, f"finish it: {finish}; or take it back: git stash -u")


def _said(content: bytes) -> MadeBy:
    found, faults = read_marker(content.decode("utf-8", "replace"))
    if found is None:
        fault = faults[0]
        message = f"{marker.PATH}:{fault.position.line}: {fault.message}"
        raise TrackerError(message, f"bring it back: git checkout HEAD -- {marker.PATH}")
    return found


def _told(content: bytes, told: str, known: list[str]) -> MadeBy:
    """What a marker says besides the version, which somebody knows better; else that alone."""
    found, _ = read_marker(content.decode("utf-8", "replace"))
    if found is None:
        return MadeBy(version=told)
    waiting = {path: version for path, version in found.waiting.items() if version in known}
    return replace(found, version=told, waiting=waiting)


def _refuse_unknown(version: str, known: list[str]) -> None:
    if version in known:
        return
    try:
        newer = order(version) > order(__version__)
    except ValueError as error:
        raise Refusal(str(error), f"incident upgrade --from {released()[-1]}") from error
    if newer:
        message = f"{version} wrote the files of this tracker, and this is only {__version__}"
        raise Refusal(message, f"pip install 'incident-tracker>={version}'")
    message = f"{version} was never released, so nobody knows what it wrote"
    raise Refusal(message, f"name the release it is nearest to: incident upgrade --from {known[0]}")


def _by_files(root: Path, files: Files, read: Read) -> str:
    """The release of which most files are there as it wrote them, the newest of equals."""
    same = {version: _same(version, files(version), read) for version in released()}
    best = max(same, key=lambda version: (same[version], order(version)))
    if not same[best]:
        message = f"nothing says which version of incident-tracker wrote the files in {root}"
        raise Refusal(message, f"incident upgrade --from {released()[0]}")
    return best


def _same(version: str, wrote: Mapping[str, bytes], read: Read) -> int:
    pin = Pin(version)
    return sum(read(path).content == pinned(content, pin) for path, content in wrote.items())
