"""One invented incident: what it is about, who works on it, and the moments of its course."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.story_texts import AREAS, CAUSES, PEOPLE, Area

ZONE = ZoneInfo("America/Chicago")
SEVERITIES, SHARES = ("P0", "P1", "P2", "P3"), (3, 12, 40, 45)
REVIEWED = ("P0", "P1")


@dataclass(kw_only=True)
class Story:
    """What one invented incident is about, and the moments of its course."""

    chance: random.Random
    day: date
    id: str
    severity: str
    area: Area
    cause: str
    option: str
    at: dict[str, datetime] = field(default_factory=dict)

    def pick(self, texts: tuple[str, ...]) -> str:
        """One of the texts, filled with the numbers and words of this story."""
        return self.fill(self.chance.choice(texts))

    def some(self, texts: tuple[str, ...], count: int) -> list[str]:
        """So many different ones of the texts."""
        return [self.fill(text) for text in self.chance.sample(texts, count)]

    def fill(self, text: str) -> str:
        """A text with its gaps filled."""
        n = self.chance.randrange
        return text.format(
            area=self.area.name,
            host=f"web-{n(1, 9):02}",
            commit=f"{n(1 << 28):07x}",
            release=n(100, 999),
            percent=n(3, 60),
            seconds=n(2, 40),
            count=n(20, 4000),
            ticket=n(1000, 9999),
        )

    @property
    def people(self) -> list[str]:
        """Who has a role, by role."""
        start = self.day.toordinal()
        return [PEOPLE[(start + step) % len(PEOPLE)] for step in range(4)]


def invented(chance: random.Random, number: int, day: date) -> Story:
    """The story of a number, on its day."""
    area = chance.choice(AREAS)
    severity = chance.choices(SEVERITIES, SHARES)[0]
    words, cause = chance.choice(area.symptoms).split(), chance.choice(CAUSES)
    slug = "-".join([area.id, *words[:2], f"{number:x}"]).lower().replace(",", "")
    story = Story(
        chance=chance,
        day=day,
        id=f"{day}-{slug}",
        severity=severity,
        area=area,
        cause=cause,
        option=chance.choice(("rollback", "fix-forward", "failover")),
    )
    story.at = _moments(story)
    return story


def _moments(story: Story) -> dict[str, datetime]:
    """The milestones: in the order of their names, never over midnight, all clocks met."""
    n = story.chance.randrange
    begin = datetime(story.day.year, story.day.month, story.day.day, 8, tzinfo=ZONE)
    minutes = n(0, 360)
    at = {}
    for name, least, most in (
        ("started", 0, 20),
        ("detected", 1, 12),
        ("acknowledged", 1, 9),
        ("triaged", 1, 5),
        ("mitigated", 16, 22),
        ("resolved", 3, 8),
        ("verified", 31, 60),
        ("closed", 6, 20),
    ):
        minutes += n(least, most + 1)
        at[name] = begin + timedelta(minutes=minutes)
    return at


def offset(moment: datetime) -> str:
    """The hours between a moment's zone and UTC, as records write them."""
    written = f"{moment:%z}"
    return f"{written[:3]}:{written[3:]}"
