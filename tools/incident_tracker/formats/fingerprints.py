"""What makes two findings the same one, however many lines were added above it in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import PurePosixPath

from incident_tracker.finding import Finding

LENGTH = 32


def fingerprint(finding: Finding) -> str:
    """Return what identifies a mistake: its rule, its record, and the words that it is about.

    The number of the line and the year's folder are no part of it.
    Two like mistakes in one record have the same: ``fingerprints`` tells them apart.
    """
    return _digest(*_identity(finding))


def fingerprints(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the fingerprint of each finding, in their order; like ones are counted by place.

    So that a count means the same in every format and at every time, all findings of a file are
    handed in, the waived ones too.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = [""] * len(findings)
    for index in sorted(range(len(findings)), key=lambda i: _order(findings[i])):
        identity = _identity(findings[index])
        seen[identity] += 1
        more = (str(seen[identity]),) if seen[identity] > 1 else ()
        found[index] = _digest(*identity, *more)
    return tuple(found)


def _identity(finding: Finding) -> tuple[str, ...]:
    path = PurePosixPath(finding.path)
    record = f"{path.parts[0] if len(path.parts) > 1 else ''}/{path.name.removesuffix('.md')}"
    return finding.code, record, finding.about


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    return (*finding.sort_key, finding.message)


def _digest(*parts: str) -> str:
    # Lengths in front: no text in one part can look like the border to the next.
    data = b"".join(
        b"%d:%b" % (len(raw), raw) for raw in (p.encode("utf-8", "surrogatepass") for p in parts)
    )
    return sha256(data).hexdigest()[:LENGTH]
