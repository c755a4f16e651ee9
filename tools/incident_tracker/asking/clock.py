"""A moment that writes down what is asked of it: on which side of another it is, or all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Self

from incident_tracker.asking.trace import Asking


class AskedMoment(datetime):
    """The moment that pages are made for.

    Most pages only ask whether something is over, and stay the same until the next such moment.
    """

    asking: Asking
    plain: datetime

    @classmethod
    def of(cls, at: datetime, asking: Asking) -> Self:
        """Return the moment as one that is asked."""
        day, time = datetime.date(at), datetime.timetz(at)
        made = cls.combine(day, time)
        made.asking, made.plain = asking, at
        return made

    def _sign(self, other: datetime) -> int:
        """Before, at or after another, which is written down."""
        plain = other.plain if isinstance(other, AskedMoment) else other
        sign = (self.plain > plain) - (self.plain < plain)
        if not isinstance(other, AskedMoment):
            self.asking.trace.time(sign, plain)
        return sign

    def __lt__(self, other: datetime) -> bool:  # type: ignore[override] # dates are none
        return self._sign(other) < 0

    def __le__(self, other: datetime) -> bool:  # type: ignore[override] # dates are none
        return self._sign(other) <= 0

    def __gt__(self, other: datetime) -> bool:  # type: ignore[override] # dates are none
        return self._sign(other) > 0

    def __ge__(self, other: datetime) -> bool:  # type: ignore[override] # dates are none
        return self._sign(other) >= 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, datetime) and self._sign(other) == 0

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(exactly(self))

    def astimezone(self, tz: tzinfo | None = None) -> Self:
        """The same moment in another zone."""
        return self.of(self.plain.astimezone(tz), self.asking)

    def date(self) -> date:
        """The day; it holds from its first moment to that of the next one."""
        on, zone = self.plain.date(), self.plain.tzinfo
        first = datetime(on.year, on.month, on.day, tzinfo=zone)
        try:
            next_ = first + timedelta(days=1)
        except OverflowError:
            return exactly(self).date()
        if not first < self.plain < next_:
            return exactly(self).date()
        self.asking.trace.time(1, first)
        self.asking.trace.time(-1, next_)
        return on

    @property
    def tzinfo(self) -> tzinfo | None:
        """The zone, which is not a matter of time."""
        return self.plain.tzinfo


def exactly(moment: AskedMoment) -> datetime:
    """The moment itself, which is written down."""
    moment.asking.trace.is_exact = True
    return moment.plain


def _method(name: str) -> Callable[..., Any]:
    def asked(self: AskedMoment, *given: object, **named: object) -> object:
        return getattr(exactly(self), name)(*given, **named)

    return asked


def _value(name: str) -> property:
    return property(lambda self: getattr(exactly(self), name))


# Whatever else a moment can be asked tells all of it.
_MADE = ("__new__", "__init__", "__getattribute__", "__setattr__", "__delattr__", "__class__")
_NEITHER = ("__init_subclass__", "__subclasshook__", "__doc__", "__dir__", "__getstate__")
for _name in dir(datetime):
    _found = getattr(datetime, _name)
    if _name in vars(AskedMoment) or _name in (*_MADE, *_NEITHER, "min", "max", "resolution"):
        continue
    if isinstance(vars(datetime).get(_name), classmethod) or getattr(_found, "__self__", None):
        continue
    setattr(AskedMoment, _name, _method(_name) if callable(_found) else _value(_name))
