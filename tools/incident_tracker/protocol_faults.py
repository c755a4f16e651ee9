"""What is wrong with a protocol whose tables were read: names, numbers and phrases that clash."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from incident_tracker.finding import Fault, Position
from incident_tracker.protocol_escalation import CLOCK, DAYS
from incident_tracker.protocol_telling import CHANNEL_NAME, HELD, VARIABLE
from incident_tracker.protocol_words import wordless
from incident_tracker.text.tables import CODE, nearest
from incident_tracker.text.yaml_reader import Mapping as MappingNode
from incident_tracker.text.yaml_reader import Node, Scalar, Sequence

if TYPE_CHECKING:
    from incident_tracker.protocol import Protocol

A_ZONE = "a name of the IANA zones, such as Europe/Berlin"
Path = tuple[str | int, ...]
Reference = tuple[Path, Iterable[str], Collection[str]]
# Without one of these words no record can say what it has to.
NEVER_EMPTY = ("severities", "statuses", "maintenance_statuses", "review_statuses")
PERIODS = ("month", "quarter", "year")
MOST_WORDS = 1_000
MOST_VALUES = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The names that the tracker itself understands: duties, shapes of values, milestones."""

    duties: tuple[str, ...]
    shapes: tuple[str, ...]
    milestones: tuple[str, ...]


def protocol_faults(protocol: Protocol, node: MappingNode, known: Known | None) -> Iterator[Fault]:
    """Yield what is wrong with a protocol, each at its place with its remedy."""
    empty = [name for name in NEVER_EMPTY if not getattr(protocol, name)]
    if empty:
        for name in empty:
            yield _fault(node, (name,), f'"{name}" is empty', "define at least one word below it")
        return
    references = [*_references(protocol), *_of_severities(protocol), *_of_phrases(protocol)]
    references += [*_of_questions(protocol), *_of_alerts(protocol)]
    references += [*_of_escalation(protocol), *_of_telling(protocol)]
    if known is not None:
        references += _of_tracker(protocol, known)
    for path, message, help_ in wordless(protocol):
        yield _fault(node, path, message, help_)
    for path, used, names in references:
        yield from _undefined(node, path, used, tuple(names))
    yield from _reversed_spans(protocol, node)
    yield from _repeated_phrases(protocol, node)
    yield from _out_of_range(protocol, node)
    yield from _wrong_hours(protocol, node)
    yield from _misnamed_channels(protocol, node)


def _references(protocol: Protocol) -> list[Reference]:
    """The names that one table uses and another defines."""
    return [
        (("zone",), (protocol.zone,), available_timezones()),
        (("drill_every",), (protocol.drill_every,), PERIODS),
        (("kind_needed",), (protocol.kind_needed,), protocol.statuses),
        (("internal_kinds",), protocol.internal_kinds, protocol.kinds),
        (("kinds_needed_at_declare",), protocol.kinds_needed_at_declare, protocol.kinds),
        (("permanent_fix_after",), protocol.permanent_fix_after, protocol.resolution_options),
        (("fail_back_after",), protocol.fail_back_after, protocol.resolution_options),
        (("detection_default",), (protocol.detection_default,), protocol.detection_sources),
        (("acknowledger_role",), (protocol.acknowledger_role,), protocol.roles),
        (("speaker_role",), (protocol.speaker_role,), protocol.roles),
        (("technical_role",), (protocol.technical_role,), protocol.roles),
        (("told_by_acknowledging",), protocol.told_by_acknowledging, protocol.audiences),
        (("maintenance_level",), (protocol.maintenance_level,), protocol.component_levels),
        (("preventive_types",), protocol.preventive_types, protocol.action_types),
        (("update_needs",), protocol.update_needs, protocol.update_keys),
        (("gates", "incident"), protocol.gates.incident, protocol.statuses),
        (("gates", "review"), protocol.gates.review, protocol.review_statuses),
        (("review", "kinds"), protocol.review.kinds, protocol.kinds),
        (("review", "repeated"), protocol.review.repeated, protocol.severities),
        (("security", "owes"), protocol.security.owes, protocol.statuses),
        (("contact_test_every",), (protocol.contact_test_every,), PERIODS),
    ]


def _of_alerts(protocol: Protocol) -> Iterator[Reference]:
    terms = protocol.alerts
    if not terms.severities and not terms.severity_default:
        return  # the table is left out
    yield ("alerts", "severities"), terms.severities.values(), protocol.severities
    yield ("alerts", "severity_default"), (terms.severity_default,), protocol.severities
    yield ("alerts", "source"), (terms.source,), protocol.detection_sources


def _of_escalation(protocol: Protocol) -> Iterator[Reference]:
    terms, security = protocol.escalation, protocol.security
    for number, level in enumerate(terms.levels):
        where = ("escalation", "levels", number)
        yield (*where, "leads"), level.leads, protocol.severities
        if level.audience:
            yield (*where, "audience"), (level.audience,), protocol.audiences
    if terms.working_hours is not None:
        yield ("escalation", "working_hours", "days"), terms.working_hours.days, DAYS
    yield ("escalation", "emergency_for"), terms.emergency_for, protocol.severities
    yield ("escalation", "silent_after"), terms.silent_after, protocol.severities
    for name, section in protocol.review_sections.items():
        if section.role:
            yield ("review_sections", name, "role"), (section.role,), protocol.roles
    proofs = (*protocol.phrases, *protocol.checks, *protocol.security_boxes)
    for table, steps in (("steps", security.steps), ("responses", security.responses)):
        for number, step in enumerate(steps):
            if step.proof:
                yield ("security", table, number, "proof"), (step.proof,), proofs
    for number, duty in enumerate(security.regulators):
        yield ("security", "regulators", number, "from"), (duty.from_,), protocol.phrases


def _wrong_hours(protocol: Protocol, node: MappingNode) -> Iterator[Fault]:
    hours = protocol.escalation.working_hours
    for key in ("begin", "end") if hours is not None else ():
        if not CLOCK.fullmatch(getattr(hours, key)):
            path = ("escalation", "working_hours", key)
            message = f'"{_dotted(path)}" is "{getattr(hours, key)}", which is no time of day'
            yield _fault(node, path, message, 'write it as "09:00", in quotes')


def _of_telling(protocol: Protocol) -> Iterator[Reference]:
    telling, approval = protocol.telling, protocol.telling.approval
    yield ("telling", "outside"), telling.outside, protocol.audiences
    yield ("telling", "besides"), telling.besides, protocol.severities
    for severity, audiences in telling.besides.items():
        yield ("telling", "besides", severity), audiences, protocol.audiences
    if approval.by:
        yield ("telling", "approval", "by"), (approval.by,), protocol.audiences
    yield ("telling", "approval", "severities"), approval.severities, protocol.severities
    for name, channel in telling.channels.items():
        yield ("telling", "channels", name, "audiences"), channel.audiences, protocol.audiences
    for number, pin in enumerate(telling.pins):
        yield ("telling", "pins", number, "holds"), (pin.holds,) if pin.holds else (), HELD


def _misnamed_channels(protocol: Protocol, node: MappingNode) -> Iterator[Fault]:
    """Yield what no channel can be called; the address itself, pasted there, is not repeated."""
    for name, channel in protocol.telling.channels.items():
        where = ("telling", "channels", name)
        if not CHANNEL_NAME.fullmatch(name):
            message = "the name of a channel is one word of small letters, digits and dashes"
            yield _fault(node, where, message, "write it as team-chat")
        if not VARIABLE.fullmatch(channel.env):
            message = f'"env" of {name} is no name of an environment variable'
            help_ = "write a name such as INCIDENT_TEAM_CHAT; its value stays out of the file"
            yield _fault(node, (*where, "env"), message, help_)


def _of_severities(protocol: Protocol) -> Iterator[Reference]:
    for name, terms in protocol.severities.items():
        where = ("severities", name)
        yield (*where, "audiences"), terms.audiences, protocol.audiences
        yield (*where, "roles"), terms.roles, protocol.roles
        yield (*where, "owes"), terms.owes, protocol.statuses
        yield (*where, "component_level"), (terms.component_level,), protocol.component_levels
        needed = ("declare", *protocol.statuses)
        yield (*where, "component_needed"), (terms.component_needed,), needed


def _of_phrases(protocol: Protocol) -> Iterator[Reference]:
    statuses = (*protocol.statuses, *protocol.maintenance_statuses)
    for name, phrase in protocol.phrases.items():
        if phrase.role:
            yield ("phrases", name, "role"), (phrase.role,), protocol.roles
        if phrase.status:
            yield ("phrases", name, "status"), (phrase.status,), statuses


def _of_questions(protocol: Protocol) -> Iterator[Reference]:
    for number, question in enumerate(protocol.decision_tree):
        for key in ("yes", "no", "no_with_backup"):
            answer = getattr(question, key)
            if answer:
                yield ("decision_tree", number, key), (answer,), protocol.resolution_options


def _of_tracker(protocol: Protocol, known: Known) -> Iterator[Reference]:
    """The names that the tracker's own code must understand."""
    owes: list[tuple[Path, Mapping[str, tuple[str, ...]]]] = [
        (("severities", name, "owes"), terms.owes) for name, terms in protocol.severities.items()
    ]
    for path, by_status in (*owes, (("security", "owes"), protocol.security.owes)):
        for status, duties in by_status.items():
            yield (*path, status), duties, known.duties
    for name, phrase in protocol.phrases.items():
        yield ("phrases", name, "shape"), (phrase.shape,), known.shapes
        if phrase.sets:
            yield ("phrases", name, "sets"), (phrase.sets,), known.milestones


def _undefined(
    node: MappingNode, path: Path, used: Iterable[str], known: tuple[str, ...]
) -> Iterator[Fault]:
    for word in used:
        if word in known:
            continue
        near = nearest(word, known)
        names = A_ZONE if path == ("zone",) else ", ".join(known)
        yield Fault(
            code=CODE,
            message=f'"{_dotted(path)}" names "{word}", which nothing defines',
            help=f'did you mean "{near}"?' if near else f"known: {names}",
            position=_place(node, path, word),
        )


def _reversed_spans(protocol: Protocol, node: MappingNode) -> Iterator[Fault]:
    """Yield the pairs of durations of which the first must not be the longer one."""
    pairs: list[tuple[Path, str, timedelta, str, timedelta]] = [
        (("watch",), "least", protocol.watch.least, "most", protocol.watch.most)
    ]
    for name, terms in protocol.severities.items():
        if terms.update is not None:
            where = ("severities", name, "update")
            pairs.append((where, "remind", terms.update.remind, "late", terms.update.late))
    for path, low, less, high, more in pairs:
        if less > more:
            message = f'"{low}" is longer than "{high}" in {_dotted(path)}'
            yield _fault(node, (*path, low), message, f"make {low} the shorter one, or both alike")


def _out_of_range(protocol: Protocol, node: MappingNode) -> Iterator[Fault]:
    """Yield the numbers with which nothing can be counted."""
    terms = protocol.metrics
    bounds: list[tuple[Path, float, float, float]] = [
        (("near_phrase",), protocol.near_phrase, 0, 1),
        (("telling", "approval", "from"), protocol.telling.approval.from_, 0, MOST_VALUES),
        (("least_words",), protocol.least_words, 0, MOST_WORDS),
        (("review", "completion_target"), protocol.review.completion_target, 0, 100),
        (("metrics", "interval_confidence"), terms.interval_confidence, 1, 99),
        *(
            (("metrics", name), getattr(terms, name), 1, MOST_VALUES)
            for name in ("median_interval_from", "p90_from", "p90_sure_from", "trend_from")
        ),
    ]
    for path, value, least, most in bounds:
        if not least <= value <= most:
            message = f'"{_dotted(path)}" is {value:g}, and must lie from {least:g} to {most:g}'
            yield _fault(node, path, message, f"write a number from {least:g} to {most:g}")


def _repeated_phrases(protocol: Protocol, node: MappingNode) -> Iterator[Fault]:
    """Yield the phrases that two keys, or one key twice, are written as."""
    taken: dict[str, str] = {}
    for name, phrase in protocol.phrases.items():
        for number, text in enumerate(phrase.text):
            plain = " ".join(text.split()).casefold()
            if plain in taken:
                message = f'the phrase "{text}" already stands under "{taken[plain]}"'
                path = ("phrases", name, "text", number)
                yield _fault(node, path, message, "keep one of the two")
            taken.setdefault(plain, name)


def _fault(node: MappingNode, path: Path, message: str, help_: str) -> Fault:
    return Fault(code=CODE, message=message, help=help_, position=_place(node, path, ""))


def _dotted(path: Path) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _place(node: MappingNode, path: Path, word: str) -> Position:
    """Return where a word stands under the keys of a path, else the place of the path."""
    current: Node = node
    for key in path:
        below = _below(current, key)
        if below is None:
            break
        current = below
    if isinstance(current, MappingNode):
        keys = [entry.key for entry in current.entries if entry.key.text == word]
        return keys[0].position if keys else current.position
    items = current.items if isinstance(current, Sequence) else (current,)
    found = [item for item in items if isinstance(item, Scalar) and item.text == word]
    return found[0].position if found else current.position


def _below(node: Node, key: str | int) -> Node | None:
    if isinstance(node, MappingNode) and isinstance(key, str):
        return node.get(key)
    if isinstance(node, Sequence) and isinstance(key, int):
        return node.items[key]
    return None
