"""Which suggestions belong to which word: one table, read by the names that commands already give.

An argument says in its metavar what each of its words is (`[ID] ROLE NAME`), an option by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem

from incident_tracker.cli import _completing as known
from incident_tracker.cli._completing import Place, Words

Source = Callable[[Place, str], Words]
WORDS: Mapping[str, Source] = {
    "ID": known.ids,
    "STATUS": known.statuses,
    "ROLE": known.set_of("roles"),
    "NAME": known.people,
    "TITLE": known.sections,
    "BOX": known.boxes,
    "CODE": known.codes,
    "KEY=VALUE…": known.pairs,
    "FORMAT": known.formats,
}
OPTIONS: Mapping[str, Source] = {
    "--severity": known.set_of("severities"),
    "--component": known.components,
    "--kind": known.set_of("kinds"),
    "--status": known.statuses,
    "--resolution": known.set_of("resolution_options"),
    "--drill": known.set_of("drill_scenarios"),
    "--detected-by": known.set_of("detection_sources"),
    "--type": known.set_of("action_types"),
    "--as": known.set_of("cancellations"),
    "--by": known.people,
    "--owner": known.people,
    "--who": known.people,
    "--role": known.people,
    "--attendees": known.people,
    "--metric": known.metrics,
    "--root-cause": known.root_causes,
    "metrics --by": known.slices,
}
FILES = ("FILE", "MAPPING")


class Suggested(click.ParamType[str]):
    """Text as it is, with suggestions for it."""

    name = "text"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[Any]]:
        """Return what the word that is typed may become; nothing where anything goes wrong."""
        try:
            return list(_suggestions(ctx, param, incomplete))
        except Exception:  # noqa: BLE001 # a broken tracker is told of by commands, not by a key
            return []


def with_suggestions(command: click.Command) -> None:
    """Give each text that a command takes its suggestions."""
    if isinstance(command, click.Group):
        for part in command.commands.values():
            with_suggestions(part)
    for param in command.params:
        if param.type is click.STRING:
            param.type = Suggested()


def _suggestions(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> Iterator[CompletionItem[Any]]:
    tokens = _tokens(param)
    if any(token in FILES for token in tokens):
        yield CompletionItem(incomplete, type="file")
        return
    place = Place.of(ctx)
    if place is None:
        return
    # Several values of one option stand between commas: the last one is being typed.
    before, comma, typed = incomplete.rpartition(",")
    for source in _sources(ctx, param, tokens, place):
        for word, about in source(place, typed).items():
            if word.casefold().startswith(typed.casefold()) or source is known.ids:
                yield CompletionItem(f"{before}{comma}{word}", help=about or None)


def _tokens(param: click.Parameter) -> Sequence[str]:
    """Return the words that an argument takes, by their names in its metavar."""
    if not isinstance(param, click.Argument):
        return (param.metavar or "",) if isinstance(param, click.Option) else ()
    return (param.metavar or (param.name or "").upper()).replace("[TEXT|-]", "TEXT").split()


def _sources(
    ctx: click.Context, param: click.Parameter, tokens: Sequence[str], place: Place
) -> Iterator[Source]:
    if isinstance(param, click.Option):
        names = [name for opt in param.opts for name in (f"{ctx.info_name} {opt}", opt)]
        yield from [OPTIONS[name] for name in names if name in OPTIONS][:1]
        return
    given = ctx.params.get(param.name or "") or ()
    rest = list(tokens)
    if rest[0] == "[ID]" and (not given or _is_id_left_out(given[0], rest, place)):
        if not given:
            yield known.ids
        rest = rest[1:]
    index = len(given)
    token = (
        rest[min(index, len(rest) - 1)] if rest and (index < len(rest) or "…" in rest[-1]) else ""
    )
    if "|" in token:
        yield lambda _, __: dict.fromkeys(token.split("|"), "")
    elif token.strip("[]") in WORDS:
        yield WORDS[token.strip("[]")]


def _is_id_left_out(first: str, tokens: Sequence[str], place: Place) -> bool:
    source = WORDS.get(tokens[1]) if len(tokens) > 1 else None
    words = source(place, first) if source else {}
    return first.casefold() in {word.casefold() for word in words} or "=" in first
