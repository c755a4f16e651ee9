"""How people are told, as the protocol's file has it: channels, audiences, approval, pins."""

from collections.abc import Iterator

from incident_tracker.pages.book import Book
from incident_tracker.pages.tables import Table, code
from incident_tracker.pages.wording import length, ordinal


def telling(book: Book) -> Iterator[Table]:
    """Yield who is told by which way, and what is pinned in a war room."""
    terms = book.protocol.telling
    approval = terms.approval
    approved = ""
    if approval.from_ and approval.by:
        which = f"{ordinal(approval.from_)} text of a public {' or '.join(approval.severities)}"
        approved = f"From the {which} on, the {approval.by} approves what goes there. "
    yield Table(
        title="Channels",
        head=("Channel", "Kind", "Reaches", "Address in", "Used"),
        rows=[
            (
                code(name),
                channel.kind,
                ", ".join(channel.audiences),
                code(channel.env),
                "where it is named" if channel.only_when_named else "for its audiences",
            )
            for name, channel in terms.channels.items()
        ],
        about=f"Outside the team, told only of public incidents: {', '.join(terms.outside)}. "
        f"{approved}No answer within {length(terms.wait)}: nobody knows whether it arrived.",
    )
    yield Table(
        title="Told without a clock",
        head=("Severity", "Who"),
        rows=[(severity, ", ".join(names)) for severity, names in terms.besides.items()],
    )
    yield Table(
        title="Pinned in a war room",
        head=("What", "Text"),
        rows=[
            (pin.name, code(pin.text) if pin.text else f"the {pin.holds} of the incident")
            for pin in terms.pins
        ],
    )
