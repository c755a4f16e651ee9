"""The columns of a row that hold something, and that no mapping takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from incident_tracker.importers.texts import one_line

MOST_NAMES = 1_000
LONGEST_NAME = 80


class Untaken:
    """Which columns of a row hold something that a mapping takes nothing of."""

    def __init__(self, columns: Iterable[str]) -> None:
        """``columns`` are those that are mapped, as ``updates[].at`` where they stand in a list."""
        self.taken = frozenset(columns)
        self.above = frozenset(above for column in self.taken for above in _above(column))

    def of(self, row: object) -> tuple[str, ...]:
        """Their names, each once, sorted."""
        found: set[str] = set()
        self._gather(row, "", found)
        return tuple(sorted(one_line(name, LONGEST_NAME).text for name in found))

    def _gather(self, row: object, prefix: str, found: set[str]) -> None:
        if not isinstance(row, Mapping):
            return
        for key, value in row.items():
            path = f"{prefix}{key}"
            if path in self.taken or value in (None, "", [], {}) or len(found) > MOST_NAMES:
                continue
            if path not in self.above:
                found.add(path)
            elif isinstance(value, Sequence) and not isinstance(value, str):
                for item in value:
                    self._gather(item, f"{path}[].", found)
            else:
                self._gather(value, f"{path}.", found)


def _above(column: str) -> Iterator[str]:
    """The lists and objects that a column stands in."""
    pieces = column.split(".")
    for count in range(1, len(pieces)):
        yield ".".join(pieces[:count]).removesuffix("[]")
