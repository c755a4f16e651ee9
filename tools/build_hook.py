"""Puts into the wheel what `incident init` writes, as starter.py lists it."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STARTER = "tools/incident_tracker/starter.py"


class StarterHook(BuildHookInterface):  # type: ignore[type-arg] # its parameter is of no use here
    """The custom build hook that pyproject.toml names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds every part of the starter; an editable install reads them where they stand."""
        if version == "editable":
            return
        root = Path(self.root)
        for part in runpy.run_path(str(root / STARTER))["PARTS"]:
            if not part.inside_package:
                source = str(root / part.source)
                build_data["force_include"][source] = f"incident_tracker/starter/{part.packed}"
