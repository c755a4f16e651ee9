"""Text as YAML that our own reader gives back unchanged, quoted only where it must be."""

import json
from collections.abc import Iterable, Mapping

from incident_tracker.text.characters import clean, shown
from incident_tracker.text.comments import OPEN

_NO_START = frozenset("-?:,[]{}#&*!|>'\"%@`=<~")
_FLOW_SIGNS = frozenset(",[]{}")
# Text to us; to an editor, or to a reader of YAML 1.1, something else.
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def scalar(value: str, *, flow: bool = False) -> str:
    """`value` as a YAML scalar, inside brackets or braces if `flow`.

    Raises ValueError for text with characters that no record may hold.
    """
    if not clean(value):
        raise ValueError(f"this text cannot be written: {shown(value)}")
    if _is_plain(value, flow=flow) and OPEN not in value:
        return value
    # A comment with a waiver counts wherever it stands, so no value may be read as one.
    return json.dumps(value, ensure_ascii=False).replace(OPEN, "\\u003c!--")


def flow_list(values: Iterable[str]) -> str:
    """The texts as `[a, b]`."""
    return f"[{', '.join(scalar(value, flow=True) for value in values)}]"


def flow_map(values: Mapping[str, str]) -> str:
    """The texts as `{key: value}`, in their order."""
    entries = (
        f"{scalar(key, flow=True)}: {scalar(value, flow=True)}" for key, value in values.items()
    )
    return f"{{{', '.join(entries)}}}"


def _is_plain(value: str, *, flow: bool) -> bool:
    if not value or value != value.strip() or value.casefold() in _WORDS:
        return False
    signed = value[0] == "-" and value[1:2].isalnum()
    if value[0] in _NO_START and not signed:
        return False
    if "\n" in value or "\t" in value or ": " in value or " #" in value or value.endswith(":"):
        return False
    return not flow or (
        _FLOW_SIGNS.isdisjoint(value) and all(piece[:1].isalnum() for piece in value.split(":")[1:])
    )
