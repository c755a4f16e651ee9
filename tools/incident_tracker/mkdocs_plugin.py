"""The MkDocs plugin: hands the records' pages to MkDocs under their own repository paths.

It unpacks and calls; what stands on a page is decided in `pages`. Hand-written pages keep their
addresses and are known by their repository path as well, so that one relative link works on the
Git host and on the site.
"""

import html
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import jinja2
from jinja2 import ChoiceLoader, DictLoader
from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure import pages as mkdocs_pages
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.utils.templates import TemplateContext

from incident_tracker import pages
from incident_tracker.audience import Audience, withheld
from incident_tracker.building import public_site_of, site_of
from incident_tracker.errors import BrokenProtocolError, TrackerError
from incident_tracker.exports.published import alternates, begun_files
from incident_tracker.formats.home import home
from incident_tracker.mkdocs_made import Known, known, store_of
from incident_tracker.mkdocs_options import edit_url, keep_to_the_public, moment
from incident_tracker.mkdocs_pages import ComputedPage, completed
from incident_tracker.mkdocs_whole import FINISHED, Build, finish, is_ours_alone
from incident_tracker.model import Tracker
from incident_tracker.page_store import Store
from incident_tracker.pages.tabs import GUIDE, with_tabs
from incident_tracker.sharing import beside, spread
from incident_tracker.site import look
from incident_tracker.walk import unreadable
from incident_tracker.workspace import Workspace

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

RECORD_FOLDERS = ("incidents", "pir", "runbooks", "protocol")


class IncidentTrackerConfig(base.Config):
    """The plugin's options."""

    root = c.Type(str, default="")  # the tracker's folder, from the folder of mkdocs.yml
    audience = c.Choice(tuple(each.value for each in Audience), default=Audience.INTERNAL.value)
    now = c.Type((str, datetime), default="")  # with its offset; empty: SOURCE_DATE_EPOCH, clock
    cache = c.Type(bool, default=True)  # whether finished pages are kept for the next build


class IncidentTrackerPlugin(BasePlugin[IncidentTrackerConfig]):
    """Adds the records' pages and the look of the site."""

    root: Path
    now: datetime
    audience: Audience
    footer: pages.Footer
    computed: Sequence[ComputedPage] = ()
    nav: Navigation
    rendered: Sequence[str] = ()
    store: Store | None = None
    made: Collection[str] = ()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Watch the records' folders and put our look before the theme's."""
        self.audience = Audience(self.config.audience)
        here = Path(config.config_file_path or "mkdocs.yml").resolve().parent
        self.root = (here / self.config.root).resolve()
        if self.audience is Audience.PUBLIC:
            keep_to_the_public(config, self.root)
        self.now = moment(self.config.now)
        folders = (self.root / folder for folder in RECORD_FOLDERS)
        config.watch += [str(folder) for folder in folders if folder.is_dir()]
        _wear_the_look(config)
        self.waiting: list[ComputedPage] | None = [] if is_ours_alone(config) else None
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """The hand-written pages under their repository paths, and the computed ones."""
        workspace = Workspace(self.root)
        if self.waiting is not None:
            named = (config.config_file_path, config.site_url)
            self.store = store_of(self.root, self.audience, named, use=self.config.cache)
        found = _load(workspace, self.audience, self.now, self.store)
        site = _site(workspace, found.whole, self.now, config, self.audience)
        tracker, memo = found.tracker, found.memo
        published = begun_files(tracker, site, self.audience, memo, beside)
        self.footer = pages.footer(tracker, self.audience)
        if Path(config.docs_dir).is_relative_to(self.root):
            for file in [file for file in files if file.src_dir == config.docs_dir]:
                self._reissue(file, files, config)
        guide = [file.src_uri for file in files.documentation_pages()]
        computed = pages.build(tracker, site, spread, memo)
        self.computed = [self._add(page, files, config) for page in computed]
        for address, content in found.redirects(folders=config.use_directory_urls):
            files.append(File.generated(config, address, content=content))
        self._publish(published(), files, config)
        self.made = found.finish()
        for asset in _assets(config, len(tracker.protocol.severities)):
            files.append(asset)
        config.nav = with_tabs(
            config.nav or ([{GUIDE[self.audience]: guide}] if guide else []), computed
        )
        return files

    def _reissue(self, file: File, files: Files, config: MkDocsConfig) -> None:
        """Know a hand-written page by its repository path, and refuse what is no plain file."""
        files.remove(file)
        path = Path(config.docs_dir, file.src_uri)
        problem = unreadable(path, Path(config.docs_dir), is_text=file.is_documentation_page())
        if problem:
            log.warning("%s is left out: it %s", path.relative_to(self.root).as_posix(), problem)
            return
        reissued = File(
            path.relative_to(self.root).as_posix(),
            str(self.root),
            config.site_dir,
            config.use_directory_urls,
            dest_uri=file.dest_uri,
            inclusion=file.inclusion,
        )
        files.append(reissued)

    def _publish(self, published: Mapping[str, bytes], files: Files, config: MkDocsConfig) -> None:
        """The files that stand beside the pages, for programs."""
        taken = {file.dest_uri: file.src_uri for file in files}
        for path, data in published.items():
            if path in taken:
                raise PluginError(f"{taken[path]} and the published {path} share an address")
            files.append(File.generated(config, path, content=data))

    def _add(self, page: pages.Page, files: Files, config: MkDocsConfig) -> ComputedPage:
        """One computed page; a record's own path is the path of its page as well."""
        if page.source == page.path:
            file = File(
                page.path,
                str(self.root),
                config.site_dir,
                config.use_directory_urls,
                dest_uri=page.serves_as,
            )
        else:
            file = File.generated(config, page.path, content=page.markdown)
            file.dest_uri = page.serves_as or file.dest_uri
        file.inclusion = InclusionLevel.NOT_IN_NAV
        if page.serves_as:
            for other in files:
                if other.dest_uri == file.dest_uri:
                    raise PluginError(f"{other.src_uri} and the page {page.title} share an address")
        files.append(file)
        made = ComputedPage(page, file, config)
        made.waiting = self.waiting
        return made

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Give the pages outside the navigation their tab and their neighbours."""
        opens: dict[str, ComputedPage] = {}
        last: dict[str, ComputedPage] = {}
        in_nav = {id(page) for page in nav.pages}
        for page in self.computed:
            section = page.computed.section
            tab = opens.setdefault(section, page)
            if page is tab and id(page) in in_nav:
                page.title = html.escape(section)
            elif id(page) not in in_nav:
                page.parent = tab  # type: ignore[assignment] # a page can be active as a section can
                before = last.get(section)
                if before is not None:
                    page.previous_page, before.next_page = before, page
                last[section] = page
        for file in files.documentation_pages():
            if file.page is not None:
                file.page.update_date = f"{self.now:%Y-%m-%d}"
        self.nav = nav
        config.extra["incident_tracker"] = _extra(self.footer, files)
        config.extra["incident_tracker"]["alternates"] = alternates(Audience(self.config.audience))
        return nav

    @event_priority(-100)
    def on_env(
        self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files
    ) -> jinja2.Environment:
        """Finish the pages that wait, now that the titles of all are known."""
        if not self.waiting:
            return env
        store = self.store
        if store is None:  # nobody asked for the files before
            raise PluginError("incident-tracker was given no files")
        others = files.documentation_pages()
        build = Build(config=config, files=files, nav=self.nav, env=env, others=others)
        self.rendered = finish(self.waiting, build, store)
        loaders = (DictLoader({FINISHED: "{{ page.output }}"}), env.loader)
        env.loader = ChoiceLoader([loader for loader in loaders if loader is not None])
        for page in self.waiting:
            page.store = store
            page.meta["template"] = FINISHED
        return env

    def on_post_build(self, **_: object) -> None:
        """Keep the finished pages of this site and no other."""
        self._let_go({*self.made, *(page.computed.path for page in self.waiting or ())})

    def on_build_error(self, **_: object) -> None:
        """Let go of the finished pages."""
        self._let_go(None)

    def _let_go(self, paths: Collection[str] | None) -> None:
        if self.store is not None:
            self.store.close(paths)
        self.store = None

    @event_priority(100)
    def _show_short_text(
        self, _context: TemplateContext, /, *, page: mkdocs_pages.Page, **_: object
    ) -> None:
        """Let search read one short entry in the place of a record's page."""
        if isinstance(page, ComputedPage) and page.computed.search is not None:
            self._whole = page.content
            page.content = f"<p>{html.escape(page.computed.short_search)}</p>"
            if page.computed.names:
                # The theme's search weighs tags above titles, and shows them.
                page.meta["tags"] = list(map(html.escape, page.computed.names))
                page.meta["search"] = {"boost": page.computed.search_weight}

    @event_priority(-100)
    def _show_whole_text(
        self, _context: TemplateContext, /, *, page: mkdocs_pages.Page, **_: object
    ) -> None:
        if isinstance(page, ComputedPage) and page.computed.search is not None:
            page.content = self._whole
            page.meta.pop("tags", None)

    on_page_context = CombinedEvent(_show_short_text, _show_whole_text)

    def on_page_content(self, html: str, **_: object) -> str:
        """Name the checkboxes, which the theme leaves unnamed; let the keyboard scroll tables."""
        return completed(html)


def _load(workspace: Workspace, audience: Audience, now: datetime, store: Store | None) -> Known:
    """The tracker; a protocol that cannot be read stops the build with its faults."""
    try:
        return known(workspace, audience, now, store)
    except BrokenProtocolError as problem:
        faults = (f"{f.path}:{f.line}:{f.column}: {f.message}" for f in problem.findings)
        raise PluginError("\n".join((str(problem), *faults))) from None
    except (TrackerError, OSError) as problem:
        raise PluginError(f"no tracker in {workspace.root}: {problem}") from None


def _site(
    workspace: Workspace, whole: Tracker, now: datetime, config: MkDocsConfig, audience: Audience
) -> pages.Site:
    """What the pages may know besides the records; a broken table of them stops the build."""
    where = home(config.site_url or "", folders=config.use_directory_urls)
    if audience is Audience.PUBLIC:
        for path in withheld(whole):
            log.warning("%s is public, but not well-formed: it is left out", path)
        return public_site_of(workspace, whole, now, where)
    try:
        return site_of(workspace, now, edit_url(config), where, audience)
    except TrackerError as problem:
        raise PluginError(str(problem)) from None


def _wear_the_look(config: MkDocsConfig) -> None:
    """Set what the theme needs, so that a tracker's mkdocs.yml only names the plugin."""
    if config.theme.name != "material":
        log.warning("the pages are made for the theme material, not for %s", config.theme.name)
    theme = config.theme
    theme.dirs.insert(1 if theme.custom_dir else 0, str(look.OVERRIDES))
    theme["font"] = False  # the theme's own would be fetched from another host
    theme["palette"] = theme.get("palette") or look.PALETTE
    features = theme.get("features") or []
    theme["features"] = [*features, *(f for f in look.FEATURES if f not in features)]
    config.extra.setdefault("generator", False)
    config.extra_css.insert(0, look.STYLESHEET)
    for address in look.SCRIPTS:
        script = c.ExtraScriptValue(address)
        script.defer = True
        config.extra_javascript.append(script)


def _assets(config: MkDocsConfig, severities: int) -> Sequence[File]:
    """The stylesheet, the script and the fonts."""
    sheet = look.stylesheet(severities)
    return [
        File.generated(config, look.STYLESHEET, content=sheet),
        *(
            File.generated(config, address, abs_src_path=str(path))
            for address, path in look.plain_files().items()
        ),
    ]


def _extra(footer: pages.Footer, files: Files) -> dict[str, object]:
    """What the overridden parts of the theme read; a link to a page that is not there is none."""
    links = []
    for link in footer.links:
        path, mark, anchor = link.target.partition("#")
        file = files.get_file_from_path(path)
        if file is None and path.endswith(".md"):
            continue
        address = (file.url if file else path) + mark + anchor
        links.append(pages.Link(label=link.label, target=address))
    return {"footer": replace(footer, links=tuple(links)), "header": look.HEADER}
