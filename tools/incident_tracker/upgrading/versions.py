"""Versions of the tool, in their order."""

from __future__ import annotations

import re

VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:\.dev(\d{1,9}))?", re.ASCII)
RELEASED = float("inf")


def is_version(text: str) -> bool:
    """Whether a text is a version of the tool: three numbers, `.dev` and a number at most."""
    return VERSION.fullmatch(text) is not None


def is_development(version: str) -> bool:
    """Whether a version is not released yet."""
    return ".dev" in version


def order(version: str) -> tuple[float, ...]:
    """Return what versions are sorted by; ValueError for a text that is none.

    What is under development comes before its release.
    """
    found = VERSION.fullmatch(version)
    if found is None:
        message = f'"{version}" is no version, as 1.0.0 is'
        raise ValueError(message)
    major, minor, patch, development = found.groups()
    return (
        int(major),
        int(minor),
        int(patch),
        RELEASED if development is None else int(development),
    )
