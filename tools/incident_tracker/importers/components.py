"""The components that an import met, as lines of ``components.yml``."""

from __future__ import annotations

from collections.abc import Mapping

from incident_tracker.importers.mapping import MappingError
from incident_tracker.registers import ComponentFile, read_register
from incident_tracker.text.yaml_writer import scalar


def lines_for(before: str, unknown: Mapping[str, str]) -> str:
    """The register with more components at its end; MappingError where it would not hold them."""
    text = before if before.endswith("\n") or not before else f"{before}\n"
    if not before.strip():
        text += "components:\n"
    for component, name in unknown.items():
        text += f"  - id: {component}\n    name: {scalar(name)}\n"
    read, faults = read_register(ComponentFile, text)
    there = {component.id for component in read.components} if read else set()
    if faults or not set(unknown) <= there:
        hint = "write the list of components as the last thing in it, one per line"
        raise MappingError("components.yml takes no more lines at its end", hint)
    return text
