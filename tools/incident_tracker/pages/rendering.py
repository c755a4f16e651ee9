"""Templates of the pages: compiled once, everything escaped that is not known to be markup."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from incident_tracker.pages import drawings, safe, wording

TEMPLATES = Path(__file__).parent.parent / "templates" / "pages"


@cache
def environment() -> Environment:
    """The templates' environment. Their names end in .md.j2, so escaping is switched on for all."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"plain": safe.plain, "count": wording.count, "day": wording.on_day}
    made.filters |= {"is_long": wording.has_long_word}
    made.globals |= {"glyph": drawings.glyph, "State": drawings.State, "Verdict": drawings.Verdict}
    return made


def render(template: str, values: object) -> str:
    """The Markdown that a template makes of the values, which it knows as ``v``."""
    return environment().get_template(template).render(v=values)
