"""The parts of the protocol about looking, deciding and practising."""

from __future__ import annotations

from incident_tracker.frozen import value


@value
class Question:
    """One question of the decision tree, and what each answer leads to, an empty one onwards.

    ``no_with_backup`` is offered before ``no`` where something is there to switch to.
    """

    question: str
    fact: str
    yes: str = ""
    no: str = ""
    no_with_backup: str = ""


@value
class Topic:
    """Something to be trained in; without ``roles`` it is for everybody."""

    about: str
    roles: tuple[str, ...] = ()


@value
class Setting:
    """A path, host or command of the team, named in runbooks as ``$NAME``.

    ``use`` is a line to type; people run it, the tracker never does.
    """

    name: str
    value: str
    about: str
    use: str = ""
