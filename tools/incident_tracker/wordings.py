"""A wording of the tracker's own and its values → a text, within bounds.

A wording comes with the tracker, and so with every pull request: it is given values and nothing
else, and whatever it does wrong is said to be its own fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from incident_tracker.lifecycle.refusal import Refusal

MOST_LETTERS = 256_000
"""As much as a record may hold: no text about one needs more."""
MOST_ROUNDS = 1_000
LARGEST = 10_000
"""The largest number that a wording may hand to a function, such as a width."""
UNBOUNDED = ("center", "format", "batch", "slice")
"""Filters whose numbers nothing looks at."""


class WordingProblem(Refusal):
    """A template of a notice that cannot be rendered."""


class _Bounded(ImmutableSandboxedEnvironment):
    """A sandbox in which neither a number nor a text grows without bound."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, trim_blocks=True)
        self.globals["range"] = _rounds
        for name in UNBOUNDED:
            del self.filters[name]

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 # a wording's own
        if not all(isinstance(side, int) and abs(side) <= LARGEST for side in (left, right)):
            raise SecurityError(f'"{operator}" is for numbers up to {LARGEST:,} only')
        if operator == "**":
            raise SecurityError('"**" is not for wordings')
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 # as above
        given = (*args, *kwargs.values())
        if any(isinstance(value, int) and abs(value) > LARGEST for value in given):
            raise SecurityError(f"a number above {LARGEST:,}")
        return super().call(context, obj, *args, **kwargs)


def _rounds(*numbers: int) -> range:
    found = range(*numbers)
    if len(found) > MOST_ROUNDS:
        raise SecurityError(f"more than {MOST_ROUNDS:,} rounds")
    return found


def _refuse_more(letters: int) -> None:
    if letters > MOST_LETTERS:
        raise SecurityError(f"it makes more than {MOST_LETTERS:,} letters")


def filled(template: str, values: Mapping[str, object]) -> str:
    """Return a wording with its values; WordingProblem with the line where it is at fault."""
    made, size = [], 0
    try:
        for piece in _Bounded().from_string(template).generate(values):
            made.append(piece)
            size += len(piece)
            _refuse_more(size)
    except Exception as error:  # whatever a wording brings about is its own fault
        line = getattr(error, "lineno", None)
        place = f"line {line}: " if line else ""
        kind = "" if isinstance(error, TemplateError) else f"{type(error).__name__}: "
        raise WordingProblem(
            f"the wording of the notice, {place}{kind}{error}", "mend it in protocol/messages"
        ) from error
    return "".join(made).strip() + "\n"
