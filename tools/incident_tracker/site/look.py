"""What the theme is given: files, settings and the stylesheet, known to no site generator."""

from pathlib import Path
from typing import Final

from incident_tracker.site.tokens import GROUNDS, stylesheet_tokens

HERE: Final = Path(__file__).parent
OVERRIDES: Final = HERE / "overrides"
ASSETS: Final = "assets/incident-tracker"
STYLESHEET: Final = f"{ASSETS}/tracker.css"
SCRIPTS: Final = tuple(f"{ASSETS}/{name}" for name in ("tracker.js", "times.js"))
HEADER: Final = GROUNDS["surface"]  # what a browser paints around the page

# Named colours of the theme bring rules of higher specificity than ours: hence "custom".
PALETTE: Final = [
    {
        "media": media,
        "scheme": scheme,
        "primary": "custom",
        "accent": "custom",
        "toggle": {"icon": icon, "name": name},
    }
    for media, scheme, icon, name in (
        (
            "(prefers-color-scheme)",
            "default",
            "material/theme-light-dark",
            "Colours follow the system; switch to light",
        ),
        (
            "(prefers-color-scheme: light)",
            "default",
            "material/white-balance-sunny",
            "Light colours; switch to dark",
        ),
        (
            "(prefers-color-scheme: dark)",
            "slate",
            "material/weather-night",
            "Dark colours; follow the system",
        ),
    )
]
FEATURES: Final = ("navigation.tabs",)


def stylesheet(severities: int) -> str:
    """The whole stylesheet of a tracker with so many severities."""
    written = (HERE / "tracker.css").read_text(encoding="utf-8")
    return written + stylesheet_tokens(severities)


def plain_files() -> dict[str, Path]:
    """The files that are served as they are: address to file."""
    fonts = {f"{ASSETS}/fonts/{path.name}": path for path in sorted((HERE / "fonts").iterdir())}
    scripts = {address: HERE / Path(address).name for address in SCRIPTS}
    return {**scripts, **fonts}
