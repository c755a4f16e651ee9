"""What is to be done after a stranger's incident: lists and tables → actions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from incident_tracker.importers.markdown_parts import cells, plain
from incident_tracker.importers.markdown_stamps import NOT_KNOWN, Calendar
from incident_tracker.importers.story import Block, Shape, Task
from incident_tracker.log.lists import NEXT_VALUE, VALUES
from incident_tracker.log.lists import OWNER as OWNER_NAME
from incident_tracker.text.stamps import day_of

TICK = re.compile(r"\[(?P<tick>[ xX✓✔])\][ ]+(?P<text>.*)", re.DOTALL)
STRUCK = re.compile(r"~~(.+)~~[.]?", re.DOTALL)
EMPTY = re.compile(r"(?:n/?a|none|nothing|tbd|todo|-+|–|—|\.+|\?+)?[.]?", re.IGNORECASE)
DONE = re.compile(
    r"\bDONE\b|\[done\]"
    r"|[(*]\s*(?:already )?(?:done|completed?|closed|fixed|resolved)\b[^()*]{0,80}[)*]"
    r"|^(?:✅|☑|✔)|(?:✅|☑)$",
    re.IGNORECASE | re.MULTILINE,
)
LOWER_DONE = re.compile(r"\bdone\b")
OWNER = re.compile(
    r"\b(?:owner|assignee|assigned to|responsible)\b[*_]*[ ]*:[*_]*[ ]*([^,;()\[\]|*]{1,60})",
    re.IGNORECASE,
)
MENTION = re.compile(r"\((@[A-Za-z0-9][A-Za-z0-9_-]{0,38})\)[.]?$")
DUE = re.compile(
    r"\b(?:due|deadline|by)\b[*_]*[ ]*:?[*_]*[ ]*(?P<when>[^,;()|]{1,40})", re.IGNORECASE
)
ADDRESS = re.compile(r"https?://[A-Za-z0-9][\w.~%/?#=&+@-]{2,200}(?<![.?])", re.ASCII)
# A longer text is taken as it is: what could be found in it took its time to find.
LONGEST = 5_000
COLUMNS = {
    "text": ("action", "action item", "task", "item", "description", "what", "todo", "follow-up"),
    "owner": ("owner", "assignee", "assigned to", "responsible", "who"),
    "due": ("due", "due date", "deadline", "by", "when", "target date"),
    "ticket": ("ticket", "issue", "bug", "tracking", "link", "jira", "reference"),
    "state": ("status", "state", "done", "completed"),
}
CLOSED = re.compile(r"(?:done|closed?|completed?|fixed|resolved|yes|x|✅|✔)[.!]?", re.IGNORECASE)


class Tasks:
    """The actions of a list or a table in their order; ``others`` are blocks that are none.

    ``empty`` are headings with no action below them.
    """

    def __init__(self, calendar: Calendar) -> None:
        """Begin with none; days without a year are read against the calendar."""
        self.calendar = calendar
        self.found: list[Task] = []
        self.others: list[Block] = []
        self.empty: list[Block] = []
        self._group: Block | None = None
        self._since = 0
        self._columns: Mapping[str, int] | None = None
        self._last = False

    def read(self, blocks: Sequence[Block]) -> Tasks:
        """Take in the blocks below the heading."""
        for block in blocks:
            if block.shape is not Shape.ROW:
                self._columns = None
            if block.shape is Shape.HEADING:
                self._close_group()
                self._group, self._last, self._since = block, False, len(self.found)
            elif block.shape is Shape.ROW:
                self._row(block)
            elif block.shape is Shape.ITEM and block.depth == 0:
                self._item(block)
            elif self._last and (block.depth or block.goes_on or block.shape is Shape.CODE):
                self._explain(block)
            else:
                self.others.append(block)
                self._last = False
        self._close_group()
        return self

    def _close_group(self) -> None:
        if self._group is not None and self._since == len(self.found):
            self.empty.append(self._group)
        self._group = None

    def _item(self, block: Block) -> None:
        ticked = TICK.fullmatch(block.text)
        text = ticked["text"].strip() if ticked else block.text
        struck = STRUCK.fullmatch(text)
        text = struck[1].strip() if struck else text
        self._last = not EMPTY.fullmatch(text)
        if not self._last:
            self.others.append(block)
            return
        owner = OWNER.search(text) or MENTION.search(text)
        due = DUE.search(text)
        address = ADDRESS.search(text)
        done = ""
        if held := _values(text):
            text, done = held.pop("text"), held.get("done", "")
        is_ticked = ticked is not None and ticked["tick"] != " "
        self._add(
            Task(
                text=text,
                line=block.line,
                is_done=is_ticked or struck is not None or _says_done(text),
                owner=owner[1].strip(" @") if owner else "",
                due=self._day(due["when"]) if due else None,
                done=self._day(done) if is_ticked else None,
                ticket=address[0] if address else held.get("ticket", ""),
            )
        )

    def _row(self, block: Block) -> None:
        row = cells(block.text)
        if not row:
            return
        if self._columns is None:
            self._columns = _named(row)
            if self._columns:
                return
            self._columns = {"text": 0}
        held = {name: row[n] for name, n in self._columns.items() if n < len(row)}
        rest = [c for n, c in enumerate(row) if c and n not in self._columns.values()]
        text = "; ".join(filter(None, [held.get("text", ""), *rest]))
        if EMPTY.fullmatch(text):
            self.others.append(block)
            return
        ticket = ADDRESS.search(held.get("ticket", ""))
        unread = "" if ticket else held.get("ticket", "")
        owner, due = held.get("owner", "").strip(" @"), self._day(held.get("due", ""))
        is_name = OWNER_NAME.fullmatch(owner) is not None
        more = [
            "" if is_name else owner,
            unread,
            "" if due else held.get("due", ""),
            held.get("state", ""),
        ]
        self._add(
            Task(
                text="; ".join(
                    filter(lambda t: t and t.casefold() not in NOT_KNOWN, [text, *more])
                ),
                line=block.line,
                is_done=bool(CLOSED.fullmatch(held.get("state", "").strip())),
                owner=owner if is_name and owner.casefold() not in NOT_KNOWN else "",
                due=due,
                ticket=ticket[0] if ticket else "",
            )
        )

    def _explain(self, block: Block) -> None:
        last = self.found[-1]
        lines = block.text.split("\n") if block.shape is Shape.CODE else [block.text]
        said = [line.strip() for line in lines if line.strip()]
        self.found[-1] = replace(last, more=(*last.more, *said))

    def _add(self, task: Task) -> None:
        self.found.append(replace(task, group=self._group.text if self._group else ""))

    def _day(self, text: str) -> date | None:
        stamp = self.calendar.stamp(text.strip())
        return stamp.day if stamp else None


def _values(text: str) -> dict[str, str]:
    """What stands in brackets behind an action that is written as ours are, and its text."""
    match = VALUES.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        return {}
    keys = list(NEXT_VALUE.finditer(match["values"]))
    ends = [*(key.start() for key in keys[1:]), len(match["values"])]
    held = {
        k[1].lower(): match["values"][k.end() : end].strip()
        for k, end in zip(keys, ends, strict=True)
    }
    is_ours = len(held) == len(keys) and held.keys() <= {"owner", "due", "ticket", "done"}
    days = (held.get(name) for name in ("due", "done"))
    if not is_ours or not all(day is None or day_of(day) for day in days):
        return {}
    return {"text": match["text"].strip(), **held}


def _says_done(text: str) -> bool:
    """Whether a mark says that it is done; "done" within a sentence says nothing."""
    match = DONE.search(text)
    return match is not None and not LOWER_DONE.fullmatch(match[0])


def _named(row: list[str]) -> dict[str, int]:
    """The columns that a table's head names; none where the row is no head."""
    found: dict[str, int] = {}
    for number, cell in enumerate(row):
        name = next((n for n, words in COLUMNS.items() if plain(cell) in words), None)
        if name is not None:
            found.setdefault(name, number)
    return found if len(found) > 1 or "text" in found else {}
