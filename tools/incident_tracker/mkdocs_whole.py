"""All computed pages of a build at once: those that are kept are taken, the rest is rendered.

A page is rendered here as far as its file: Markdown, allow-list, theme. That is the same as MkDocs
does page by page, as long as no plugin but the site's own and the search has a say in it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from mkdocs.commands.build import get_context

from incident_tracker.mkdocs_key import common_key, page_key
from incident_tracker.mkdocs_pages import ComputedPage, completed
from incident_tracker.mkdocs_theme import looks_beyond
from incident_tracker.page_store import Facts, Kept, Store, compressed
from incident_tracker.sharing import spread

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation

KNOWN = ("incident_tracker.", "material.plugins.search.", "material.plugins.offline.")
FINISHED = "incident-tracker/finished"
log = logging.getLogger("mkdocs")


def is_ours_alone(config: MkDocsConfig) -> bool:
    """Whether nobody else has a say in what becomes of a page."""
    modules = [type(plugin).__module__ + "." for plugin in config.plugins.values()]
    return (
        all(module.startswith(KNOWN) for module in modules)
        and not config.extra_templates
        and not looks_beyond(config.theme)
    )


@dataclass(frozen=True, kw_only=True)
class Build:
    """What the pages of one build are rendered with."""

    config: MkDocsConfig
    files: Files
    nav: Navigation
    env: jinja2.Environment
    others: Sequence[File]


class Asked:
    """The files of a site, and which of them a page asked for."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.found: dict[str, object] = {}

    def get_file_from_path(self, path: str) -> File | None:
        """The file of a repository path."""
        file = self._files.get_file_from_path(path)
        self.found[PurePath(path).as_posix()] = _about(file)
        return file


def finish(waiting: Sequence[ComputedPage], build: Build, store: Store) -> Sequence[str]:
    """Have the output of each page ready in the store, and say of it what there is to say.

    Returned are the paths of the pages that had to be rendered.
    """
    common = common_key(build.config, build.nav)
    keys = {page.computed.path: page_key(page, common) for page in waiting}
    told: dict[str, Facts] = {}
    missing = []
    for page in waiting:
        path = page.computed.path
        kept = store.get(path, keys[path])
        if kept is not None and _holds(kept.facts, build.files):
            told[path] = kept.facts
        else:
            missing.append(page)
    for number, packed in spread(len(missing), lambda at: _packed(_named(missing[at], build))):
        path, made = missing[number].computed.path, _unpacked(packed)
        store.put(path, keys[path], made)
        told[path] = made.facts
    for page in waiting:
        _tell(page, told[page.computed.path], build.files)
    return [page.computed.path for page in missing]


def _holds(facts: Facts, files: Files) -> bool:
    """Whether each link leads where it led."""
    asked = facts.get("asked")
    if not isinstance(asked, dict) or not {"anchors", "links", "said"} <= facts.keys():
        return False
    there = files.src_uris
    return all(_about(there.get(path)) == to for path, to in asked.items())


def _about(file: File | None) -> object:
    return None if file is None else [file.url, file.inclusion.name]


def _tell(page: ComputedPage, facts: Any, files: Files) -> None:  # noqa: ANN401 # is JSON
    """Let MkDocs know what it would know if it had rendered the page itself."""
    page.present_anchor_ids = set(facts["anchors"])
    page.links_to_anchors = {
        file: dict(anchors)
        for path, anchors in facts["links"]
        if (file := files.src_uris.get(path)) is not None
    }
    for name, level, words in facts["said"]:
        logging.getLogger(name).log(level, "%s", words)


def _named(page: ComputedPage, build: Build) -> Kept:
    """The page rendered; what goes wrong names it, as MkDocs does."""
    try:
        return _made(page, build)
    except Exception as problem:
        log.error("Error building page '%s': %s", page.file.src_uri, problem)  # noqa: TRY400 # raised on
        raise


def _made(page: ComputedPage, build: Build) -> Kept:
    """One page rendered, with what was said meanwhile and what it asked for."""
    asked = Asked(build.files)
    with _listening() as said:
        page.render_now(build.config, cast("Files", asked))
        page.content = completed(page.content or "")
        page.active = True
        context = get_context(build.nav, build.others, build.config, page)
        template = build.env.get_template("main.html")
        output = template.render(cast("dict[str, Any]", context))
        page.active = False
    facts: Facts = {
        "anchors": sorted(page.present_anchor_ids or ()),
        "links": [[to.src_uri, found] for to, found in (page.links_to_anchors or {}).items()],
        "said": said,
        "asked": asked.found,
    }
    page.content, page.toc = "", []  # type: ignore[assignment] # all that is left is the output
    return Kept(facts=facts, output=compressed(output))


def _packed(page: Kept) -> bytes:
    return json.dumps(page.facts, allow_nan=False).encode() + b"\n" + page.output


def _unpacked(packed: bytes) -> Kept:
    facts, _, output = packed.partition(b"\n")
    return Kept(facts=json.loads(facts), output=output)


class _Listener(logging.Handler):
    """Writes down what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[list[object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Write down."""
        self.said.append([record.name, record.levelno, record.getMessage()])


@contextmanager
def _listening() -> Iterator[list[list[object]]]:
    """What MkDocs and the plugin say, from information on, however quiet the build is to be."""
    listener = _Listener()
    before = (log.handlers, log.propagate, log.level)
    log.handlers, log.propagate = [listener], False
    log.setLevel(logging.INFO)
    try:
        yield listener.said
    finally:
        log.handlers, log.propagate = before[0], before[1]
        log.setLevel(before[2])
