"""Words that people type, and the identifiers that they mean."""

from __future__ import annotations

from collections.abc import Mapping

from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.text.tables import nearest


def one_of(typed: str, known: Mapping[str, object], what: str) -> str:
    """Return the identifier that a word means, written as itself, its label or a spelling of it."""
    wanted = typed.strip().casefold().replace("_", "-")
    spelled: dict[str, str] = {}
    for key, word in known.items():
        others = (getattr(word, "label", ""), *getattr(word, "words", ()))
        spelled |= {name.casefold().replace("_", "-"): key for name in (*others, key) if name}
    if wanted in spelled:
        return spelled[wanted]
    begun = {key for name, key in spelled.items() if wanted and name.startswith(wanted)}
    if len(begun) == 1:
        return begun.pop()
    near = nearest(wanted, tuple(spelled))
    hint = f"did you mean {spelled[near]}?" if near else f"one of: {', '.join(known)}"
    message = f'"{typed}" is no {what}'
    raise Refusal(message, hint)


def each(typed: str, known: Mapping[str, object] | None = None, what: str = "") -> tuple[str, ...]:
    """Return the words between commas, each as its identifier where there is a set of them."""
    parts = tuple(part.strip() for part in typed.split(",") if part.strip())
    return tuple(one_of(part, known, what) for part in parts) if known is not None else parts
