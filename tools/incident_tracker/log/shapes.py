"""How the value behind a phrase is read: one reader for each shape.

What each leaves in `Said`; what remains is ``text``, closed sets come back as identifiers.

- person: ``by``; assignment and task: ``names`` (one); source and option: ``option``
- change, severity-change, status-change: ``old``, ``new``, ``reason``
- parties: ``names``, ``via``, ``ticket``; checks: ``names``
- channel: ``via``, with the link or room as ``text``
- runbook: ``names`` (one), ``fix``, ``outcome``
- decision: ``reason``, ``facts``; evidence: ``names`` (one), ``sha256``
- cancellation: ``option``, ``reason``, the other record in ``names``
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from incident_tracker.frozen import value
from incident_tracker.log.lexicon import Lexicon, plain
from incident_tracker.model import Said
from incident_tracker.protocol import Phrase

NAME = r"[^\s,:;()](?:[^,:;()]{0,60}?[^\s,:;()])??"
NAMED = re.compile(rf"({NAME})(?:\s*[,:;]\s*|\s+[-–—]\s+|\s+(?=\()|\s*$)(.*)")
CHANNEL = re.compile(r"(#[^\s,:;]+)[ ]*(?:[,:;]|[-–—][ ]|$)?[ ]*(.*)")
EVIDENCE = re.compile(
    r"(\S*[^\s.][./]\S*)(?:[ ,]+sha256:(?P<sum>[0-9a-f]{64}))?(?:[ ,:]+(.*))?", re.IGNORECASE
)
CHECKSUM = re.compile(r"sha256:(?![0-9a-f]{64}(?:\s|$))", re.IGNORECASE)
GROUP = re.compile(r"[ ]*\(([^()]*)\)")
LAST_GROUP = re.compile(r"(.*?)[ ]*\(([^()]+)\)\.?")
FINDING = re.compile(r"\s*:(?:\s+|$)")


@value
class Wrong:
    """Why a phrase cannot be taken at its word; ``start`` is its index in the text."""

    message: str
    help: str
    start: int


@value
class Head:
    """A phrase with what surrounds its value, as it was typed."""

    name: str
    spoken: str
    phrase: Phrase
    value: str
    start: int
    by: str = ""
    fact: str = ""
    fact_start: int = 0

    def wrong(self, message: str, help_: str, *, start: int | None = None) -> Wrong:
        """What is wrong with this value, or with what stands at ``start``."""
        place = self.start if start is None else start
        return Wrong(message=f'"{self.spoken}": {message}', help=help_, start=place)


class Naming(StrEnum):
    """Whether what a shape leaves in ``names``, or in ``old`` and ``new``, is somebody."""

    NOBODY = "nobody"
    SOMEBODY = "somebody"
    ANYBODY = "anybody"  # of the team or outside, an audience or a provider as well
    HOLDERS = "holders"  # of the phrase's role, the old one and the new one


def read_value(head: Head, words: Lexicon) -> Said | Wrong:
    """What a phrase with this value says, or why it says nothing."""
    if not head.value and head.phrase.needs_value:
        return head.wrong("what? Nothing stands behind it", f"{head.spoken}: …")
    return SHAPES[head.phrase.shape].read(head, words)


def _text(head: Head, _: Lexicon) -> Said | Wrong:
    fact = f"({head.fact})" if head.fact else ""
    text = f"{fact} {head.value}".strip() if fact else head.value
    return Said(phrase=head.name, text=text, by=head.by)


def _source(head: Head, words: Lexicon) -> Said | Wrong:
    known = ", ".join(dict.fromkeys(words.sources.values()))
    if not head.value:
        return head.wrong("via what?", f"name one of: {known}")
    match = NAMED.fullmatch(head.value)
    source = words.sources.get(plain(match[1])) if match else None
    if match is None or source is None:
        return head.wrong(
            "this source is none of the protocol",
            f"name one of: {known}; then a colon and the symptom",
        )
    return Said(phrase=head.name, option=source, text=match[2], by=head.by)


def _person(head: Head, _: Lexicon) -> Said | Wrong:
    match = NAMED.fullmatch(head.value)
    if match is None:
        return head.wrong("who?", f"{head.spoken} NAME")
    return Said(phrase=head.name, by=match[1], text=match[2])


def _assignment(head: Head, _: Lexicon) -> Said | Wrong:
    match = NAMED.fullmatch(head.value)
    if match is None:
        return head.wrong("who?", f"{head.spoken}: NAME")
    return Said(phrase=head.name, names=(match[1],), text=match[2], by=head.by)


def _task(head: Head, _: Lexicon) -> Said | Wrong:
    match = NAMED.fullmatch(head.value)
    if match is None or not match[2]:
        return head.wrong("who does what?", f"{head.spoken}: NAME, task")
    return Said(phrase=head.name, names=(match[1],), text=match[2], by=head.by)


def _change(head: Head, words: Lexicon) -> Said | Wrong:
    form = f"{head.spoken}: OLD → NEW {words.why} …"
    parts = [part.strip() for part in words.arrow.split(head.value, maxsplit=1)]
    if len(parts) != 2 or not all(parts):  # noqa: PLR2004 - old and new
        return head.wrong("from what to what?", form)
    new, reason = _reason(parts[1], words)
    match = NAMED.fullmatch(new)
    if match is None:
        return head.wrong("to what?", form)
    if head.phrase.reason and not reason:
        return head.wrong("why?", f"add: {words.why} …")
    return Said(
        phrase=head.name, old=parts[0], new=match[1], reason=reason, text=match[2], by=head.by
    )


def _change_of(
    known: Callable[[Lexicon], Mapping[str, str]],
) -> Callable[[Head, Lexicon], Said | Wrong]:
    """The reader of a change between two words of a closed set."""

    def read(head: Head, words: Lexicon) -> Said | Wrong:
        said = _change(head, words)
        if isinstance(said, Wrong):
            return said
        names = known(words)
        for word in (said.old, said.new):
            if plain(word) not in names:
                all_names = ", ".join(dict.fromkeys(names.values()))
                return head.wrong(f'"{word}" is none of the protocol', f"known: {all_names}")
        return Said(
            phrase=said.phrase,
            old=names[plain(said.old)],
            new=names[plain(said.new)],
            reason=said.reason,
            text=said.text,
            by=said.by,
        )

    return read


def _parties(head: Head, words: Lexicon) -> Said | Wrong:
    who, text = _before_colon(head.value)
    names: list[str] = []
    ways: list[str] = []
    ticket = ""
    for part in (piece.strip() for piece in who.split(",")):
        if found := words.ticket.fullmatch(part):
            ticket = found[1]
            continue
        way = words.via.search(part)
        if way is not None:
            ways.append(way[1])
        name = part if way is None else part[: way.start()].strip()
        if name:
            names.append(words.audiences.get(plain(name), name))
    if not names:
        return head.wrong("who?", f"{head.spoken}: WHO, WHO …")
    return Said(
        phrase=head.name,
        names=tuple(names),
        via=", ".join(ways),
        ticket=ticket,
        text=text,
        by=head.by,
    )


def _channel(head: Head, _: Lexicon) -> Said | Wrong:
    match = CHANNEL.fullmatch(head.value)
    if match is None:
        return head.wrong("which channel?", f"{head.spoken}: #channel, link or room")
    return Said(phrase=head.name, via=match[1], text=match[2], by=head.by)


def _checks(head: Head, words: Lexicon) -> Said | Wrong:
    what, text = _before_colon(head.value)
    names = tuple(
        words.checks.get(plain(part), part.strip()) for part in what.split(",") if part.strip()
    )
    if not names:
        return head.wrong("what?", f"{head.spoken}: WHAT, WHAT: finding")
    return Said(phrase=head.name, names=names, text=text, by=head.by)


def _runbook(head: Head, words: Lexicon) -> Said | Wrong:
    match = words.runbook.fullmatch(head.value)
    if match is None:
        outcomes = ", ".join(words.outcomes)
        return head.wrong(
            "which one, and did it help?", f"{head.spoken}: ID, fix N - and one of: {outcomes}"
        )
    return Said(
        phrase=head.name,
        names=(match[1],),
        fix=int(match[2]) if match[2] else None,
        outcome=words.outcomes[plain(match[3])],
        text=match[4] or match[5] or "",
        by=head.by,
    )


def _option(head: Head, words: Lexicon) -> Said | Wrong:
    option = words.options.get(plain(head.fact), "") or words.options.get(
        plain(head.fact).replace(" ", "-"), ""
    )
    if head.fact and not option:
        known = ", ".join(dict.fromkeys(words.options.values()))
        return head.wrong(
            f'"{head.fact}" is no option of the protocol', f"one of: {known}", start=head.fact_start
        )
    return Said(phrase=head.name, option=option, text=head.value, by=head.by)


def _decision(head: Head, words: Lexicon) -> Said | Wrong:
    facts: dict[str, bool] = {}
    text = head.value
    groups = [head.fact, *(match[1] for match in GROUP.finditer(head.value))]
    for group in groups:
        pairs = [tuple(map(plain, part.partition(":")[::2])) for part in group.split(",")]
        if not any(fact in words.facts for fact, _ in pairs):
            continue
        for fact, answer in pairs:
            if fact not in words.facts or answer not in words.answers:
                return head.wrong(
                    f'"{fact}: {answer}" is no fact of the decision tree',
                    f"known: {', '.join(words.facts.values())}: {' or '.join(words.answers)}",
                )
            facts[words.facts[fact]] = words.answers[answer]
        text = re.sub(rf"[ ]*\({re.escape(group)}\)", "", text, count=1)
    text, reason = _reason(text, words)
    if head.phrase.reason and not reason:
        return head.wrong("why?", f"add: {words.why} …")
    if not text:
        return head.wrong("what was decided?", f"{head.spoken}: … {words.why} …")
    return Said(
        phrase=head.name, text=text, reason=reason, facts=MappingProxyType(facts), by=head.by
    )


def _evidence(head: Head, _: Lexicon) -> Said | Wrong:
    match = EVIDENCE.fullmatch(head.value)
    if match is None:
        return head.wrong("where is it?", f"{head.spoken}: PATH or URL, sha256:…, what it shows")
    if CHECKSUM.search(head.value):
        return head.wrong("a checksum has 64 hexadecimal digits", "sha256sum FILE prints it")
    return Said(
        phrase=head.name,
        names=(match[1],),
        sha256=(match["sum"] or "").lower(),
        text=match[3] or "",
        by=head.by,
    )


def _cancellation(head: Head, words: Lexicon) -> Said | Wrong:
    form = f"one of: {words.cancel_words}; then: {words.why} …"
    match = words.cancellation.fullmatch(head.value)
    if match is None:
        return head.wrong("this is no reason of the protocol to cancel", form)
    option = words.cancellations[plain(match[1])]
    text, reason = _reason(match[2], words)
    if head.phrase.reason and not reason:
        return head.wrong("why?", f"add: {words.why} …")
    text = text.strip(" ,;:-–—")
    if option not in words.with_id:
        return Said(phrase=head.name, option=option, text=text, reason=reason, by=head.by)
    other, _, text = text.partition(" ")
    if not other:
        return head.wrong("of which record?", form)
    return Said(
        phrase=head.name, option=option, names=(other,), text=text, reason=reason, by=head.by
    )


def _reason(text: str, words: Lexicon) -> tuple[str, str]:
    """The text without its reason, and the reason: behind its word, or in brackets at the end."""
    if match := words.because.search(text):
        return text[: match.start()].strip(" \t,;"), match[1].strip()
    if match := LAST_GROUP.fullmatch(text):
        return match[1], match[2].strip()
    return text, ""


def _before_colon(text: str) -> tuple[str, str]:
    """What stands before the first colon that ends a word, and what behind it."""
    match = FINDING.search(text)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a value is read, and whether it names somebody; ``by`` always does."""

    read: Callable[[Head, Lexicon], Said | Wrong]
    naming: Naming


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "text": Shape(_text, Naming.NOBODY),
        "source": Shape(_source, Naming.NOBODY),
        "person": Shape(_person, Naming.NOBODY),
        "assignment": Shape(_assignment, Naming.SOMEBODY),
        "task": Shape(_task, Naming.SOMEBODY),
        "change": Shape(_change, Naming.HOLDERS),
        "severity-change": Shape(_change_of(lambda words: words.severities), Naming.NOBODY),
        "status-change": Shape(_change_of(lambda words: words.statuses), Naming.NOBODY),
        "parties": Shape(_parties, Naming.ANYBODY),
        "channel": Shape(_channel, Naming.NOBODY),
        "checks": Shape(_checks, Naming.NOBODY),
        "runbook": Shape(_runbook, Naming.NOBODY),
        "option": Shape(_option, Naming.NOBODY),
        "decision": Shape(_decision, Naming.NOBODY),
        "evidence": Shape(_evidence, Naming.NOBODY),
        "cancellation": Shape(_cancellation, Naming.NOBODY),
    }
)
