"""The tabs of the site: one for each section of the computed pages, then what people wrote."""

from collections.abc import Iterator, Sequence

from incident_tracker.audience import Audience
from incident_tracker.pages import Page

GUIDE = {Audience.INTERNAL: "Guide", Audience.PUBLIC: "More"}
"""The tab of the hand-written pages where the navigation names none."""


def with_tabs(nav: Sequence[object], computed: Sequence[Page]) -> list[object]:
    """The navigation, with a tab in front for each section that it does not name itself."""
    opens: dict[str, str] = {}
    for page in computed:
        opens.setdefault(page.section, page.path)
    named = set(_paths(nav))
    return [*({tab: path} for tab, path in opens.items() if path not in named), *nav]


def _paths(nav: object) -> Iterator[str]:
    """Every path that a navigation names, however deep."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, (dict, list)):
        for item in nav.values() if isinstance(nav, dict) else nav:
            yield from _paths(item)
