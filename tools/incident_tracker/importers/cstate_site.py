"""The parts of a cState site: which files are its issues, and what its configuration says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import available_timezones

from incident_tracker.importers.draft import SourceFile
from incident_tracker.text.yaml_nodes import Mapping, Node, Scalar
from incident_tracker.text.yaml_nodes import Sequence as ListNode
from incident_tracker.text.yaml_reader import read_yaml

PLACES = ("", "config/_default/")
CONFIGS = tuple(
    f"{place}{name}.{end}"
    for place in PLACES
    for name in ("config", "hugo")
    for end in ("yml", "yaml")
)
UNREAD = tuple(f"{place}{name}.toml" for place in PLACES for name in ("config", "hugo"))
LANGUAGE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?"
ISSUE = re.compile(rf"(?:content/)?(?:({LANGUAGE})/)?issues/(.+\.md)")
TRANSLATED = re.compile(rf".+\.({LANGUAGE})\.md")
FOLDER_PAGES = ("_index.md", "index.md")


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What a site's configuration says; ``systems`` is None where it does not say which there are.

    ``path`` is the file, empty where there is none; ``said`` is what to tell about it.
    """

    path: str = ""
    systems: frozenset[str] | None = None
    zone: str = ""
    address: str = ""
    language: str = ""
    languages: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Issues:
    """The issue files of one language, each with its name below the folder; what is passed over."""

    files: tuple[tuple[SourceFile, str], ...]
    said: tuple[str, ...] = field(default=())


def site_of(files: Sequence[SourceFile]) -> Site:
    """What the configuration among these files says."""
    by_path = {file.path: file for file in files}
    path = next((path for path in CONFIGS if path in by_path), "")
    if not path:
        other = next((path for path in UNREAD if path in by_path), "")
        reason = f"{other} is TOML and not read" if other else "there is no config.yml here"
        return Site(said=(f"{reason}: names of systems are not compared",))
    text = by_path[path].data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    node, faults = read_yaml(text)
    if node is None:
        fault = faults[0]
        reason = f"{path}:{fault.position.line}: {fault.message}; nothing of it is used"
        return Site(path=path, said=(reason,))
    zone = _text(node.get("timeZone"))
    said: tuple[str, ...] = ()
    if zone and zone not in available_timezones():
        said = (f'{path}: timeZone "{zone[:60]}" is no time zone',)
        zone = ""
    languages = node.get("languages")
    return Site(
        path=path,
        systems=_systems(node),
        zone=zone,
        address=_text(node.get("baseURL")) or _text(node.get("baseurl")),
        language=_text(node.get("defaultContentLanguage")),
        languages=frozenset(key.text for key, _ in languages.entries)
        if isinstance(languages, Mapping)
        else frozenset(),
        said=said,
    )


def _text(node: Node | None) -> str:
    return node.text.strip() if isinstance(node, Scalar) else ""


def _systems(node: Mapping) -> frozenset[str] | None:
    params = node.get("params")
    listed = params.get("systems") if isinstance(params, Mapping) else None
    if not isinstance(listed, ListNode):
        return None
    return frozenset(_names(listed))


def _names(listed: ListNode) -> Iterator[str]:
    for item in listed.items:
        name = _text(item.get("name") if isinstance(item, Mapping) else item)
        if name:
            yield name


def issues_of(files: Sequence[SourceFile], site: Site) -> Issues:
    """The issues of one language: of the site's folder, of its content, or of a folder of them."""
    by_language: dict[str, list[tuple[SourceFile, str]]] = {}
    for file in files:
        match = ISSUE.fullmatch(file.path)
        if match:
            by_language.setdefault(match[1] or "", []).append((file, match[2]))
    if not by_language:
        alone = len(files) == 1
        by_language[""] = [
            (file, file.path.rpartition("/")[2] if alone else file.path)
            for file in files
            if file.path.endswith(".md")
        ]
    wanted = site.language if site.language in by_language else min(by_language)
    said = [
        f"content/{language or '.'}: {len(found)} issues in another language are passed over"
        for language, found in sorted(by_language.items())
        if language != wanted
    ]
    kept, pages, translated = [], 0, 0
    for file, name in by_language[wanted]:
        if name.rpartition("/")[2] in FOLDER_PAGES:
            pages += 1
        elif _is_translation(name, site):
            translated += 1
        else:
            kept.append((file, name.removesuffix(".md")))
    if pages:
        said.append(f"{pages} pages of folders, as _index.md, are passed over")
    if translated:
        said.append(f"{translated} translations of issues are passed over")
    return Issues(files=tuple(kept), said=tuple(said))


def _is_translation(name: str, site: Site) -> bool:
    match = TRANSLATED.fullmatch(name)
    return match is not None and match[1] in site.languages - {site.language}
