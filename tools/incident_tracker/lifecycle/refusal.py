"""What a command will not do, with the way out: wrong use, or a gate with something still owed."""

from __future__ import annotations

from datetime import date


class Refusal(Exception):  # noqa: N818 # it is an answer, no error of the program
    """A command that was understood and not carried out; the message is one sentence."""

    exit_status = 2

    def __init__(self, message: str, hint: str | None = None) -> None:
        """Keep the message and the way out."""
        super().__init__(message)
        self.hint = hint


class NothingFound(Refusal):
    """What was named is not there."""

    exit_status = 3


class Unreadable(Refusal):
    """A record in which nothing can be changed before its form is mended."""

    exit_status = 1


def refuse_earlier(what: str, known: object, day: date, today: date) -> None:
    """Refuse to put an earlier day in the place of the last one on which something was done.

    What is no day, or one that is still to come, stands in nobody's way.
    """
    # Days of this form stand in the order of time.
    if str(known)[:4].isdigit() and day.isoformat() < str(known) <= today.isoformat():
        message = f"{what} is {known} already, which is later than {day}"
        raise Refusal(message, "a day that is wrong is corrected in the file")
