"""The options and arguments that commands share."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

import click

Function = TypeVar("Function", bound=Callable[..., Any])
NO_INPUT = "incident_tracker.no_input"
COMMIT, BRANCH, PUSH, WRITTEN = (
    f"incident_tracker.{name}" for name in ("commit", "branch", "push", "written")
)


class Wordy(click.Command):
    """A command whose words may begin with a dash: what looks like no option is text."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        valued = {
            name: isinstance(option, click.Option) and not option.is_flag
            for option in self.get_params(ctx)
            for name in (*option.opts, *option.secondary_opts)
        }
        marked: list[str] = []
        is_value = False
        for index, typed in enumerate(args):
            if typed == "--" and not is_value:
                return super().parse_args(ctx, [*marked, *args[index:]])
            text = not is_value and _is_text(typed, tuple(valued))
            # A blank in front is no part of any text, and makes an option of none.
            marked.append(f" {typed}" if text else typed)
            is_value = not is_value and valued.get(typed, False)
        return super().parse_args(ctx, marked)


def _is_text(typed: str, options: Sequence[str]) -> bool:
    """Whether a word that begins with a dash can be no option, not even one that there is not."""
    name = typed.partition("=")[0]
    if not typed.startswith("-") or typed == "-" or name in options:
        return False
    return not re.fullmatch(r"--[a-z][a-z-]*", name)


def examples(*lines: str) -> str:
    """Return the examples at the end of a command's help, one line each."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def now_option(function: Function) -> Function:
    """Add ``--now``."""
    return click.option(
        "--now", metavar="TIME", help="Take this as the present, as 2026-11-24T09:00Z."
    )(function)


def writing(function: Function) -> Function:
    """Add the options of every command that writes into a record, and what follows the writing."""
    return click.option(
        "--at",
        metavar="TIME",
        help="When it was: 14:20, -10m or 2026-11-23T14:20-05:00 (default: now).",
    )(keeping(function))


def keeping(function: Function) -> Function:
    """Add the options of a command whose writing is never of another time than now."""
    function = now_option(_delivering(function))
    function = click.option(
        "--push",
        is_flag=True,
        expose_value=False,
        envvar="INCIDENT_PUSH",
        callback=_remember(PUSH),
        help="Commit it, bring it together with what others pushed, and push it.",
    )(function)
    function = click.option(
        "--branch",
        metavar="NAME",
        expose_value=False,
        callback=_remember(BRANCH),
        help="Commit it to this branch.",
    )(function)
    function = click.option(
        "--commit",
        is_flag=True,
        expose_value=False,
        callback=_remember(COMMIT),
        help="Commit what this command writes, and nothing else.",
    )(function)
    return click.option(
        "--no-input", is_flag=True, expose_value=False, hidden=True, callback=_never_ask
    )(function)


def format_option(function: Function) -> Function:
    """Add ``--format``."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json"]),
        default="table",
        help="How to print.",
    )(function)


def list_format_option(function: Function) -> Function:
    """Add ``--format`` to what prints a list."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        help="How to print; csv is for spreadsheets, json for programs.",
    )(function)


def review_option(about: str) -> Callable[[Function], Function]:
    """Add what says that the review is meant; by either name, so that nobody has to know which."""
    return click.option("--review", "--pir", "in_review", is_flag=True, help=about)


def words(metavar: str) -> Callable[[Function], Function]:
    """Add the arguments of a command whose ID may be left out."""
    return click.argument("words", nargs=-1, metavar=metavar)


def with_id(given: Sequence[str], *names: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the ID, None where it was left out, and what else was given."""
    if len(given) == len(names):
        return None, tuple(given)
    if len(given) == len(names) + 1:
        return given[0], tuple(given[1:])
    wanted = " ".join(["[ID]", *names])
    if "TEXT" in names and len(given) > len(names) + 1:
        message = f'this takes {wanted}; put the text in quotes: "{" ".join(given)}"'
        raise click.UsageError(message, click.get_current_context())
    raise click.UsageError(f"this takes {wanted}", click.get_current_context())


def pairs(given: Sequence[str]) -> dict[str, str]:
    """Return ``key=value`` or ``key`` arguments as pairs, in their order."""
    return {key.strip(): value.strip() for key, _, value in (text.partition("=") for text in given)}


def may_ask() -> bool:
    """Whether a person sits at the terminal and has not said that they want no questions."""
    meta = click.get_current_context().meta
    return not meta.get(NO_INPUT) and sys.stdin.isatty()


def wrote(path: str, before: bytes | None = None) -> None:
    """Remember a file that this command wrote, and what it was before, for --commit."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta.setdefault(WRITTEN, {}).setdefault(path, before)


def stay_here() -> None:
    """Commit and push nothing: this run of the command only showed something."""
    meta = click.get_current_context().meta
    for key in (COMMIT, BRANCH, PUSH):
        meta.pop(key, None)


@dataclass(frozen=True, kw_only=True, slots=True)
class PushAsked:
    """That this command pushes: to which branch, what it wrote so far, what it is called."""

    branch: str | None
    written: Mapping[str, bytes | None]
    verb: str


def push_asked() -> PushAsked | None:
    """Return what is to be pushed, None where this command was not asked to."""
    meta = click.get_current_context().meta
    if not meta.get(PUSH):
        return None
    written = dict(meta.get(WRITTEN, {}))
    return PushAsked(branch=meta.get(BRANCH), written=written, verb=_verb())


def kept_as(path: str, data: bytes) -> None:
    """Remember that a file was committed as it is now: what follows is a change of that."""
    click.get_current_context().meta.setdefault(WRITTEN, {})[path] = data


def _verb() -> str:
    return click.get_current_context().command_path.removeprefix("incident ")


def _delivering(function: Function) -> Function:
    """Let what a command wrote be committed and pushed behind it, if that was asked for."""

    @wraps(function)
    def delivered(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 # a command's own
        status = function(*arguments, **options)
        meta = click.get_current_context().meta
        branch, online = meta.get(BRANCH), bool(meta.get(PUSH))
        written = dict(meta.get(WRITTEN, {}))
        if not (online or branch or meta.get(COMMIT)) or (status and not written):
            return status
        from incident_tracker.cli._delivering import deliver

        return deliver(written, _verb(), branch, online=online) or status

    return cast("Function", delivered)


def _remember(key: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, _: click.Parameter, value: Any) -> None:  # noqa: ANN401 # as given
        if value:
            ctx.meta[key] = value

    return callback


def _never_ask(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[NO_INPUT] = True
