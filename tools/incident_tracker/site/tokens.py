"""The colours of the site, light and dark, and the stylesheet's list of them.

The numbers were searched for so that all states stay apart for every kind of colour vision
and readable on every ground they stand on; a test computes both again from this file.
"""

from dataclasses import dataclass

from incident_tracker.site.colour import contrast, mix


@dataclass(frozen=True, slots=True)
class Pair:
    """One colour in the light scheme and in the dark one, `#rrggbb`."""

    light: str
    dark: str

    @property
    def css(self) -> str:
        """The value that follows the scheme in force."""
        return f"light-dark({self.light},{self.dark})"


GROUNDS = {
    "page": Pair("#f7f8fa", "#12161c"),
    "surface": Pair("#ffffff", "#1a2028"),
    "sunken": Pair("#eef0f4", "#0d1116"),
}
LINES = {
    "line": Pair("#d8dde4", "#303945"),  # decoration only, carries no meaning
    "edge": Pair("#7d8896", "#7c8796"),
}
INKS = {
    "ink": Pair("#161b22", "#e9edf2"),
    "ink2": Pair("#434d5a", "#b9c2cd"),
    "ink3": Pair("#5c6775", "#9aa5b2"),
    "accent": Pair("#1f4f9e", "#8ab4f5"),
}
ACCENT_TINT = Pair("#e6edf8", "#1f2c41")


@dataclass(frozen=True, slots=True, kw_only=True)
class StateColours:
    """A state as a graphic (bars), as words and glyphs, and as a ground for both."""

    graphic: Pair
    text: Pair
    tint: Pair


STATES = {
    "ok": StateColours(
        graphic=Pair("#23877a", "#4ea596"),
        text=Pair("#09796d", "#4ea596"),
        tint=Pair("#e1f5f1", "#0f2e29"),
    ),
    "degraded": StateColours(
        graphic=Pair("#c28100", "#fadb5c"),
        text=Pair("#936102", "#fadb5c"),
        tint=Pair("#f9eee0", "#2d2811"),
    ),
    "partial": StateColours(
        graphic=Pair("#b5481a", "#e08840"),
        text=Pair("#b5481a", "#e08840"),
        tint=Pair("#feece5", "#362315"),
    ),
    "major": StateColours(
        graphic=Pair("#950413", "#d24350"),
        text=Pair("#950413", "#e26a6f"),
        tint=Pair("#ffebe8", "#382020"),
    ),
    "maint": StateColours(
        graphic=Pair("#6550b5", "#a481e8"),
        text=Pair("#6550b5", "#a481e8"),
        tint=Pair("#efeeff", "#2a2438"),
    ),
}
PHASES = {
    "undetected": Pair("#2b3a55", "#c7d2e6"),
    "waiting": Pair("#4d618a", "#8fa5cf"),
    "impact": Pair("#2f4674", "#b3c6ec"),
    "repair": Pair("#6f86b3", "#7187b4"),
    "watch": Pair("#7c8ca6", "#66758f"),
}

# Severity is weight of ink, no hue: red beside "major outage" would say two things with one
# colour. The ramp runs from the most severe to the least.
RAMP = (
    Pair("#161b22", "#f4f6f9"),
    Pair("#566271", "#9ea9b7"),
    Pair("#c5ccd6", "#465160"),
    GROUNDS["surface"],
)
ON_RAMP = (Pair("#ffffff", "#12161c"), INKS["ink"])
READABLE = 4.5  # contrast of text
VISIBLE = 3.0  # contrast of graphics


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityColours:
    """A severity's tag: its fill, the text on it, its border."""

    fill: Pair
    text: Pair
    border: Pair


def severities(count: int) -> tuple[SeverityColours, ...]:
    """The tags of `count` severities, most severe first, in equal steps along the ramp."""
    return tuple(_severity(index / max(count - 1, 1)) for index in range(count))


def _severity(place: float) -> SeverityColours:
    """The tag at `place`, 0 to 1, along the ramp."""
    light_fill, light_text = _readable([fill.light for fill in RAMP], place, "light")
    dark_fill, dark_text = _readable([fill.dark for fill in RAMP], place, "dark")
    page, edge = GROUNDS["page"], LINES["edge"]
    return SeverityColours(
        fill=Pair(light_fill, dark_fill),
        text=Pair(light_text, dark_text),
        border=Pair(
            light_fill if contrast(light_fill, page.light) >= VISIBLE else edge.light,
            dark_fill if contrast(dark_fill, page.dark) >= VISIBLE else edge.dark,
        ),
    )


def _readable(ramp: list[str], place: float, scheme: str) -> tuple[str, str]:
    """The ramp's colour at `place` with the better of its texts.

    In the middle of the ramp neither text is readable: the fill goes on towards the ground
    until one of them is.
    """
    texts = [on.light if scheme == "light" else on.dark for on in ON_RAMP]
    while True:
        position = place * (len(ramp) - 1)
        index = min(int(position), len(ramp) - 2)
        fill = mix(ramp[index], ramp[index + 1], position - index)
        text = max(texts, key=lambda candidate: contrast(fill, candidate))
        if contrast(fill, text) >= READABLE or place >= 1:
            return fill, text
        place = min(place + 0.01, 1.0)


def stylesheet_tokens(severity_count: int) -> str:
    """The custom properties and the rules that are as many as there are severities."""
    values = {**GROUNDS, **LINES, **INKS, "accent-tint": ACCENT_TINT}
    for name, state in STATES.items():
        values |= {name: state.graphic, f"{name}-text": state.text, f"{name}-tint": state.tint}
    values |= {f"ph-{name}": pair for name, pair in PHASES.items()}
    rules = []
    for index, tag in enumerate(severities(severity_count)):
        values |= {
            f"sev{index}": tag.fill,
            f"on-sev{index}": tag.text,
            f"by-sev{index}": tag.border,
        }
        rules.append(
            f".it-sev--{index}{{background:var(--it-sev{index});color:var(--it-on-sev{index});"
            f"border-color:var(--it-by-sev{index})}}\n"
            f".it-s-{index}{{fill:var(--it-sev{index});stroke:var(--it-by-sev{index})}}"
        )
    listed = ";\n  ".join(f"--it-{name}:{pair.css}" for name, pair in values.items())
    return f":root,[data-md-color-scheme]{{\n  {listed};\n}}\n" + "\n".join(rules) + "\n"
