"""The marks that an unfinished merge leaves in a file."""

import re
from collections.abc import Sequence

from incident_tracker.finding import Fault, Position
from incident_tracker.text.fences import fenced_lines

MOST_FAULTS = 20
_MARK = re.compile(r"(?P<sign>[<>|])(?P=sign){6}(?: |$)")


def conflict_faults(text: str, lines: Sequence[str], body_start: int) -> tuple[Fault, ...]:
    """One FMT013 for each merge conflict in the `lines` of `text`; code in the body is left out."""
    if not any(sign in text for sign in ("<<<<<<<", ">>>>>>>", "|||||||")):
        return ()
    code = fenced_lines(lines, body_start)
    faults: list[Fault] = []
    first: int | None = None
    for index, line in enumerate(lines):
        mark = _MARK.match(line)
        if mark is None or index in code:
            continue
        sign = mark["sign"]
        if sign == "<":
            if first is not None:
                faults.append(_fault(first, index - 1))
            first = index
        elif sign == ">" or first is None:
            # A mark alone is what remains when only the first line was deleted.
            faults.append(_fault(index if first is None else first, index))
            first = None
    if first is not None:
        faults.append(_fault(first, len(lines) - 1))
    return tuple(faults[:MOST_FAULTS])


def _fault(first: int, last: int) -> Fault:
    where = f"lines {first + 1} to {last + 1} hold" if last > first else "the line is left of"
    return Fault(
        code="FMT013",
        message=f"{where} a merge conflict",
        position=Position(first + 1, 1),
        help="keep what is right and delete the lines that begin with <<<<<<<, ======= and >>>>>>>",
    )
