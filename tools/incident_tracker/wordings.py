"""A wording of the tracker's own and its values → a text, within bounds.

A wording comes with the tracker, and so with every pull request: it is given values and nothing
else, and whatever it does wrong is said to be its own fault.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any, Final, cast

from jinja2 import StrictUndefined, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from incident_tracker.lifecycle.refusal import Refusal

MOST_LETTERS = 256_000
"""As much as a record may hold: no text about one needs more."""
LONGEST_WORDING = 20_000
MOST_ROUNDS = 1_000
LARGEST = 10_000
"""The largest number that a wording may hand to a function, such as a width."""
MOST_WORK = 4_000_000
"""Letters and items that a wording makes on its way; a round and a call count as more."""
UNBOUNDED = ("center", "format", "batch", "slice")
"""Filters whose numbers nothing looks at."""
GROWING = ("replace", "join", "indent", "wordwrap", "tojson", "truncate", "urlize")
"""Filters that make as much of a text as their values say: looked at before they begin."""


class WordingProblem(Refusal):
    """A template of a notice that cannot be rendered."""


class _Bounded(ImmutableSandboxedEnvironment):
    """A sandbox in which neither numbers nor texts nor the work grow without bound."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, step: int) -> None:
        """Begin with nothing done; ``step`` is what a round and a call count."""
        super().__init__(
            undefined=StrictUndefined, trim_blocks=True, optimized=False, finalize=_shown
        )
        self.step, self.left = step, MOST_WORK
        self.globals["range"] = _rounds
        del self.globals["lipsum"]
        for name in UNBOUNDED:
            del self.filters[name]
        for name, found in list(self.filters.items()):
            self.filters[name] = self._watched(found, grows=name in GROWING)
        self.filters |= {_Watched.EACH: _each, _Watched.MADE: _made, _Watched.TOGETHER: _together}

    def spend(self, work: int) -> None:
        """Count some work; SecurityError once it is too much."""
        self.left -= work
        if self.left < 0:
            raise SecurityError("it takes too much work")

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:  # noqa: ANN401 # a wording's own
        """Refuse the method: the widths in a format are numbers that nothing looks at."""
        if super().wrap_str_format(value) is not None:
            raise SecurityError('"format" is not for wordings; "~" joins texts')
        return None

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 # as above
        if operator == "+":
            self.spend(_size(left) + _size(right))
            return super().call_binop(context, operator, left, right)
        if not all(isinstance(side, int) and abs(side) <= LARGEST for side in (left, right)):
            raise SecurityError(f'"{operator}" is for numbers up to {LARGEST:,} only')
        if operator == "**":
            raise SecurityError('"**" is not for wordings')
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 # as above
        given = (*args, *kwargs.values())
        if any(isinstance(value, int) and abs(value) > LARGEST for value in given):
            raise SecurityError(f"a number above {LARGEST:,}")
        of = getattr(obj, "__self__", None)
        self.spend(self.step + (_product(of, given) if isinstance(of, str) else _size(given)))
        found = super().call(context, obj, *args, **kwargs)
        self.spend(_size(found))
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The wording, in which each loop, list and joined text is watched."""
        found: nodes.Template = _Watched().visit(super()._parse(source, name, filename))
        found.set_environment(self)
        return found

    def _watched(self, work: Callable[..., Any], *, grows: bool) -> Callable[..., Any]:
        """A filter that counts what it makes."""

        @wraps(work)
        def watched(*given: Any, **named: Any) -> Any:  # noqa: ANN401 # whatever it filters
            given = tuple(list(one) if isinstance(one, Iterator) else one for one in given)
            values = (*given, *named.values())
            self.spend(_product("", values) if grows else _size(given))
            found = work(*given, **named)
            self.spend(_size(found))
            return found

        return watched


class _Watched(NodeTransformer):
    """Puts what counts the work around what makes more of it."""

    EACH: Final = " each"
    MADE: Final = " made"
    TOGETHER: Final = " together"
    """No wording can write a name that begins with a blank."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 # named after the node
        self.generic_visit(node)
        node.iter = _filtered(cast("nodes.Expr", node.iter), self.EACH)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 # as above
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes), self.TOGETHER)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802 # as above
        self.generic_visit(node)
        return _filtered(node, self.MADE) if node.ctx == "load" else node

    def visit_List(self, node: nodes.Expr) -> nodes.Node:  # noqa: N802 # as above
        self.generic_visit(node)
        return _filtered(node, self.MADE)

    visit_Dict = visit_List  # noqa: N815 # as above

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:  # noqa: N802 # as above
        return nodes.Const(node.data)


def _filtered(node: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None)


@pass_context
def _shown(context: Context, value: object) -> object:
    """What is put into the text is counted, also where it is kept for later."""
    _bounds(context).spend(_size(value))
    return value


@pass_context
def _each(context: Context, items: Iterable[object]) -> Iterator[object]:
    bounds = _bounds(context)
    for item in items:
        bounds.spend(bounds.step)
        yield item


@pass_context
def _made(context: Context, value: object) -> object:
    _bounds(context).spend(_size(value))
    return value


@pass_context
def _together(context: Context, items: list[object]) -> str:
    texts = [str(item) for item in items]
    _bounds(context).spend(_size(texts))
    return "".join(texts)


def _bounds(context: Context) -> _Bounded:
    found = context.environment
    if not isinstance(found, _Bounded):
        raise TypeError(found)
    return found


def _size(value: object) -> int:
    """How much there is of a value, with all that is in it."""
    if isinstance(value, str | range):
        return len(value)
    if isinstance(value, Mapping):
        return 1 + sum(_size(key) + _size(one) for key, one in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return 1 + sum(map(_size, value))
    return 1


def _product(text: str, values: Iterable[object]) -> int:
    """What a text and these values could make at most."""
    sizes = (abs(v) if isinstance(v, int) else _size(v) for v in (text, *values))
    return math.prod(max(1, size) for size in sizes)


def _rounds(*numbers: int) -> range:
    found = range(*numbers)
    if len(found) > MOST_ROUNDS:
        raise SecurityError(f"more than {MOST_ROUNDS:,} rounds")
    return found


def _refuse_more(letters: int, most: int = MOST_LETTERS, verb: str = "makes") -> None:
    if letters > most:
        raise SecurityError(f"it {verb} more than {most:,} letters")


def filled(template: str, values: Mapping[str, object]) -> str:
    """Return a wording with its values; WordingProblem with the line where it is at fault."""
    made, size = [], 0
    try:
        _refuse_more(len(template), LONGEST_WORDING, "has")
        for piece in _Bounded(step=10 + len(template) // 10).from_string(template).generate(values):
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
