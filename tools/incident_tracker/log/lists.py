"""Checklists and action items, read item by item."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.log.boxwords import boxwords
from incident_tracker.log.phrases import phrasebook
from incident_tracker.model import Action, ActionState, Box
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import Document
from incident_tracker.text.sections import ListItem, Section
from incident_tracker.text.stamps import CLOCK, DATE, ZONE, day_of, parse_full_stamp

NO_BOX = "CHK001"
NO_REASON = "CHK002"
NO_DATE = "CHK003"
NEAR_BOX = "CHK004"
NO_ACTION_BOX = "ACT001"
NO_OWNER = "ACT002"
WRONG_VALUE = "ACT003"
HALF_DONE = "ACT004"
TICK = re.compile(r"\[([ xX])\](?:[ \t]+(.*)|$)")
NEARLY_TICK = re.compile(r"\[([ \txXvVyY*✓✔]{0,3})\][ \t]*(.*)")
TIGHT = re.compile(r"[-*+](?=\[[ xX]?\])")
DATED = re.compile(
    rf"({DATE})(?:[T ]({CLOCK})[ ]?({ZONE})?)?(?:[ \t]*[,:;][ \t]*(.*)|[ \t]*$)", re.IGNORECASE
)
STRUCK = re.compile(r"~~(.+)~~")
OWNER = re.compile(r"[^\s,:()][^,:()]*")
# The keys of an action item, as the format names them.
OWNER_KEY, DUE, TYPE, TICKET, DONE, DROPPED = "owner", "due", "type", "ticket", "done", "dropped"
LABELS = {key: key.capitalize() for key in (OWNER_KEY, DUE, TYPE, TICKET, DONE, DROPPED)}
KEYS = "|".join(LABELS)
VALUES = re.compile(
    rf"(?P<text>.*?)(?<![ \t])[ \t]*\((?P<values>(?:{KEYS})[ \t]*:.*)\)[ \t]*\.?", re.IGNORECASE
)
NEXT_VALUE = re.compile(rf"(?:^|,[ \t]*)({KEYS})[ \t]*:[ \t]*", re.IGNORECASE)


class _Ticked(NamedTuple):
    """A list item behind its box."""

    ticked: bool
    text: str
    column: int


def read_boxes(
    section: Section, document: Document, protocol: Protocol
) -> tuple[tuple[Box, ...], tuple[Fault, ...]]:
    """The boxes of a checklist, with the faults of their form."""
    reading = _Boxes(document, protocol)
    boxes = [box for item in section.all_items if (box := reading.box(item)) is not None]
    boxes = reading.likely(boxes)
    for part in (section, *section.subsections):
        for line in part.prose:
            if TIGHT.match(line.text) and not line.code:
                start = document.offset(line.position) + 1
                reading.fault(
                    NO_BOX,
                    line.position,
                    "a box needs a space behind its bullet",
                    "write: - [ ] text",
                    Edit(start, start, " "),
                )
    return tuple(boxes), tuple(sorted(reading.faults, key=lambda fault: fault.position))


def read_actions(
    section: Section,
    document: Document,
    protocol: Protocol,
    record_id: str,
    *,
    is_imported: bool = False,
) -> tuple[tuple[Action, ...], tuple[Fault, ...]]:
    """The action items of a section, the first one ``record#1``, with the faults of their form.

    What the source of an imported record never said (who, by when, done when) is no fault.
    """
    reading = _Actions(document, protocol, record_id)
    items = [item for item in section.all_items if item.indent < 2]  # noqa: PLR2004 - deeper ones explain
    actions = tuple(reading.action(item, number) for number, item in enumerate(items, start=1))
    never_said = (NO_OWNER, HALF_DONE) if is_imported else ()
    faults = (fault for fault in reading.faults if fault.code not in never_said)
    return actions, tuple(sorted(faults, key=lambda fault: fault.position))


class _Items:
    """What reading boxes and reading actions have in common."""

    def __init__(self, document: Document, protocol: Protocol) -> None:
        self.document = document
        self.protocol = protocol
        self.faults: list[Fault] = []

    def fault(self, code: str, position: Position, message: str, help_: str, *fix: Edit) -> None:
        self.faults.append(
            Fault(code=code, position=position, message=message, help=help_, fix=fix)
        )

    def ticked(self, item: ListItem, code: str) -> _Ticked | None:
        """The item behind its box, None where it has none."""
        if match := TICK.fullmatch(item.text):
            return _Ticked(match[1] != " ", match[2] or "", match.start(2) if match[2] else 0)
        match = NEARLY_TICK.fullmatch(item.text)
        if match is None:
            return None
        ticked = bool(match[1].strip())
        mark = "[x]" if ticked else "[ ]"
        start = self.document.offset(item.text_position)
        end = start + (match.start(2) if match[2] else len(item.text))
        self.fault(
            code,
            item.text_position,
            "this is not a box",
            f"write: - {mark} {match[2]}",
            Edit(start, end, f"{mark} " if match[2] else mark),
        )
        return _Ticked(ticked, match[2], match.start(2))


class _Boxes(_Items):
    """One pass over a checklist."""

    def __init__(self, document: Document, protocol: Protocol) -> None:
        super().__init__(document, protocol)
        self.words = boxwords(protocol)

    def box(self, item: ListItem) -> Box | None:
        """The box that an item is, None where it is none."""
        ticked = self.ticked(item, NO_BOX)
        if ticked is None:
            name, _ = self.words.named(item.text)
            if name:
                start = self.document.offset(item.text_position)
                self.fault(
                    NO_BOX,
                    item.text_position,
                    "the box is missing",
                    f"write: - [ ] {item.text}",
                    Edit(start, start, "[ ] "),
                )
            return None
        name, note = self.words.named(ticked.text)
        place = Position(item.text_position.line, item.text_position.column + ticked.column)
        reason = self._reason(note, place)
        dated = DATED.fullmatch(note) if note else None
        on = self._day(dated, place) if dated else None
        at = (
            parse_full_stamp(note[: dated.end(3 if dated[3] else 2)], self.protocol.tzinfo)
            if (dated and dated[2] and on)
            else None
        )
        return Box(
            position=item.position,
            box=name,
            text=ticked.text,
            ticked=ticked.ticked,
            note=note,
            not_applicable=reason,
            on=on,
            at=at,
        )

    def likely(self, boxes: list[Box]) -> list[Box]:
        """The boxes, those that are nearly one of the protocol read as that one."""
        there = {box.box for box in boxes}
        return [box if box.box else self._likely(box, there) for box in boxes]

    def _likely(self, box: Box, there: set[str]) -> Box:
        near = self.words.nearest(box.text)
        meant = self.words.known[near] if near else ""
        if near is None or meant in there:
            return box
        there.add(meant)
        text = self.words.spelling(meant)
        self.faults.append(
            Fault(
                code=NEAR_BOX,
                position=box.position,
                message=f'"{box.text}" is no box of the protocol; it is read as "{text}"',
                help=f'did you mean "{text}"?',
            )
        )
        return replace(box, box=meant)

    def _reason(self, note: str, place: Position) -> str:
        match = self.words.not_applicable.fullmatch(note)
        if match is not None and not match[1]:
            word = self.protocol.words.not_applicable[0]
            self.fault(NO_REASON, place, "why is this not applicable?", f"write: ({word}: reason)")
        return match[1] if match else ""

    def _day(self, match: re.Match[str], place: Position) -> date | None:
        day = day_of(match[1])
        if day is None:
            self.fault(
                NO_DATE, place, f'there is no day "{match[1]}"', "write the date as 2026-11-03"
            )
        return day


class _Actions(_Items):
    """One pass over action items."""

    def __init__(self, document: Document, protocol: Protocol, record_id: str) -> None:
        super().__init__(document, protocol)
        self.record_id = record_id
        self.types = phrasebook(protocol).words.action_types

    def action(self, item: ListItem, number: int) -> Action:
        """The action that an item is."""
        place = item.text_position
        ticked = self.ticked(item, NO_ACTION_BOX)
        if ticked is None:
            start = self.document.offset(place)
            self.fault(
                NO_ACTION_BOX,
                place,
                "the box is missing",
                f"write: - [ ] {item.text}",
                Edit(start, start, "[ ] "),
            )
            ticked = _Ticked(ticked=False, text=item.text, column=0)
        whole = " ".join([ticked.text, *(line.text for line in item.continuation)]).strip()
        match = VALUES.fullmatch(whole)
        place = Position(place.line, place.column + ticked.column)
        values = self._values(match, place) if match else {}
        if not match or not {OWNER_KEY, DUE} <= values.keys():
            missing = [f"{LABELS[key]}: …" for key in (OWNER_KEY, DUE) if key not in values]
            self.fault(
                NO_OWNER,
                place,
                f"{' and '.join(part[:-3] for part in missing)} of this action is missing"
                if match
                else "(Owner: name, Due: date) is missing",
                "end the line with (Owner: name, Due: 2026-12-01)",
            )
        text = (match["text"] if match else whole).strip()
        struck = STRUCK.fullmatch(text)
        self._state_faults(item, ticked, struck, values, place)
        state = (
            ActionState.DROPPED
            if struck or DROPPED in values
            else (ActionState.DONE if ticked.ticked or DONE in values else ActionState.OPEN)
        )
        return Action(
            position=item.position,
            id=f"{self.record_id}#{number}",
            record=self.record_id,
            path=self.document.path,
            text=struck[1].strip() if struck else text,
            state=state,
            owner=values.get(OWNER_KEY, ""),
            due=day_of(values.get(DUE, "")),
            type=self.types.get(values.get(TYPE, "").casefold(), ""),
            ticket=values.get(TICKET, ""),
            done=day_of(values.get(DONE, "")),
            dropped=values.get(DROPPED, ""),
        )

    def _values(self, match: re.Match[str], place: Position) -> dict[str, str]:
        """The values in the brackets by key; those of the wrong shape are faults."""
        written = match["values"]
        keys = list(NEXT_VALUE.finditer(written))
        values: dict[str, str] = {}
        for key, following in zip(keys, [*keys[1:], None], strict=True):
            name = key[1].lower()
            value = written[key.end() : following.start() if following else None].strip()
            column = place.column + match.start("values") + key.start(1)
            wrong = self._wrong(name, value) if name not in values else "this key stands here twice"
            if wrong:
                self.fault(
                    WRONG_VALUE,
                    Position(place.line, column),
                    f"{LABELS[name]}: {wrong}",
                    self._form(name),
                )
            values.setdefault(name, value)
        return values

    def _wrong(self, name: str, value: str) -> str:
        if not value:
            return "nothing stands behind it"
        if name in {DUE, DONE} and day_of(value) is None:
            return f'"{value}" is no date'
        if name == TYPE and value.casefold() not in self.types:
            return f'"{value}" is no type of the protocol'
        if name == OWNER_KEY and OWNER.fullmatch(value) is None:
            return f'"{value}" is no name'
        return ""

    def _form(self, name: str) -> str:
        forms = {
            DUE: "write the date as 2026-12-01",
            DONE: "write the date as 2026-12-01",
            TYPE: f"one of: {', '.join(self.protocol.action_types)}",
            OWNER_KEY: "one person: Owner: name",
            TICKET: "Ticket: OPS-412",
            DROPPED: "Dropped: reason",
        }
        return forms[name]

    def _state_faults(
        self,
        item: ListItem,
        ticked: _Ticked,
        struck: re.Match[str] | None,
        values: Mapping[str, str],
        place: Position,
    ) -> None:
        """Done is ticked and dated, dropped is struck out with its reason; half is a fault."""
        if ticked.ticked and DONE not in values and DROPPED not in values:
            self.fault(HALF_DONE, place, "when was this done?", "add: Done: 2026-11-18")
        elif DONE in values and not ticked.ticked:
            start = self.document.offset(item.text_position)
            fix = (Edit(start, start + 3, "[x]"),) if item.text.startswith("[ ]") else ()
            self.fault(
                HALF_DONE,
                place,
                "this has a day when it was done, but no tick",
                "write: - [x] …",
                *fix,
            )
        if struck and DROPPED not in values:
            self.fault(HALF_DONE, place, "why was this dropped?", "add: Dropped: reason")
        elif DROPPED in values and not struck:
            self.fault(
                HALF_DONE,
                place,
                "a dropped action is struck out",
                "write: ~~text~~ (…, Dropped: reason)",
            )
