"""The picture of the status page in the README: `python tools/picture.py`, or `make picture`.

The site is built for a fixed moment at which the records hold an open incident and planned work.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import Scheme, View, Width, reading  # noqa: E402 # found only now

MOMENT = datetime.fromisoformat("2026-11-22T09:30:00-06:00")
TARGET = ROOT / "docs" / "images" / "status.png"
HEIGHT = 1180  # CSS pixels: down to the first components


def build(folder: Path) -> None:
    """Build this repository's site for the moment of the picture."""
    clock = {"SOURCE_DATE_EPOCH": str(int(MOMENT.timestamp())), "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(  # noqa: S603 # our own command
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, **clock},
        check=True,
    )


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        view = View(width=Width.WIDE, scheme=Scheme.LIGHT)
        with reading(Path(folder)) as reader, reader.visit("index.html", view) as visit:
            visit.page.clock.set_fixed_time(MOMENT)  # the page tells its age
            visit.page.reload(wait_until="networkidle")
            visit.page.set_viewport_size({"width": view.width.value, "height": HEIGHT})
            TARGET.parent.mkdir(exist_ok=True)
            visit.page.screenshot(path=TARGET)
    sys.stdout.write(f"wrote {TARGET.relative_to(ROOT)}, {TARGET.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    main()
