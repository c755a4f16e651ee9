"""Pages kept from one build to the next: the same bytes as without, whatever was changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from mkdocs.theme import Theme
from mkdocs.utils import get_theme_dir

from conftest import ROOT, SAME_EVERYWHERE
from incident_tracker import page_store, pages
from incident_tracker.examples import PATHS, good_files
from incident_tracker.mkdocs_plugin import IncidentTrackerPlugin
from incident_tracker.mkdocs_theme import looks_beyond
from incident_tracker.page_store import Kept, compressed, opened
from incident_tracker.pages import declare
from incident_tracker.registry import load

CONFIG = """\
site_name: A tracker
edit_uri: https://git.example.org/team/tracker/edit/main/
use_directory_urls: false
theme: {name: material, custom_dir: theme}
plugins:
  - search
  - incident-tracker: {now: "2026-12-01T14:32:00-05:00"}
validation: {links: {not_found: warn, anchors: warn}}
"""
INCIDENT = PATHS["incident"]
# Pages that are the same in every tracker: without them a build is over sooner.
CONSTANT = (*SAME_EVERYWHERE, "metrics-by-period")
Site = Mapping[str, bytes]


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "tracker"
    for path, data in good_files().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    shutil.copy(ROOT / "protocol" / "protocol.yml", root / "protocol")
    (root / "docs").mkdir()
    (root / "docs" / "start.md").write_text("# Start\n\nRead on.\n")
    (root / "docs" / "more.md").write_text("# More\n\nRead this as well.\n")
    (root / "theme").mkdir()
    (root / "mkdocs.yml").write_text(CONFIG)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("INCIDENT_NO_CACHE", raising=False)
    declare_all()
    for name in CONSTANT:
        monkeypatch.delitem(declare.DECLARED, name, raising=False)
    return root


def declare_all() -> None:
    """Have every page declared, so that some can be left out."""
    load(pages.__name__)


def built(
    root: Path, *, strict: bool = False, config: Path | None = None
) -> tuple[Site, list[str]]:
    """The files of the site, and which of its pages had to be rendered."""
    loaded = load_config(str(config or root / "mkdocs.yml"), strict=strict)
    build(loaded)
    plugin = loaded.plugins["incident-tracker"]
    assert isinstance(plugin, IncidentTrackerPlugin)
    return files_of(Path(loaded.site_dir)), list(plugin.rendered)


def files_of(site: Path) -> Site:
    return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def anew(root: Path, monkeypatch: pytest.MonkeyPatch, *, config: Path | None = None) -> Site:
    """The files of the site when nothing was kept."""
    with monkeypatch.context() as without:
        without.setenv("INCIDENT_NO_CACHE", "1")
        return built(root, config=config)[0]


def kept(root: Path) -> list[Path]:
    return sorted((root.parent / "cache").rglob("*.pages"))


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_second_build_renders_nothing_and_writes_the_same(
    tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, rendered = built(tracker)
    assert INCIDENT in rendered

    second, again = built(tracker)

    assert again == []
    assert second == first == anew(tracker, monkeypatch)


def edit_a_record(root: Path) -> None:
    replaced(root / INCIDENT, "## Updates", "## Note\n\nSomething *else*.\n\n## Updates")


def rename_a_component(root: Path) -> None:
    replaced(root / "protocol/components.yml", "name: ", "name: The ")


def retitle_a_hand_written_page(root: Path) -> None:
    replaced(root / "docs/start.md", "# Start", "# How it starts")


def retitle_in_front_matter(root: Path) -> None:
    replaced(root / "docs/more.md", "# More", "---\ntitle: Other\nstatus: new\n---\n# More")


def rename_the_site(root: Path) -> None:
    replaced(root / "mkdocs.yml", "A tracker", "Another tracker")


def lead_edits_elsewhere(root: Path) -> None:
    replaced(root / "mkdocs.yml", "git.example.org", "git.example.net")


def make_folders_of_pages(root: Path) -> None:
    replaced(root / "mkdocs.yml", "use_directory_urls: false", "use_directory_urls: true")


def put_something_into_the_theme(root: Path) -> None:
    (root / "theme/main.html").write_text(
        '{% extends "base.html" %}{% block footer %}Ours{{ super() }}{% endblock %}'
    )


def put_a_part_of_the_theme_elsewhere(root: Path) -> None:
    (root / "theme/partials").mkdir()
    (root / "theme/partials/footer.html").write_text("<p>{{ page.title }}</p>")


def show_all_pages_in_the_theme(root: Path) -> None:
    (root / "theme/main.html").write_text(
        '{% extends "base.html" %}{% block footer %}'
        "{% for f in pages %}{{ f.page.content | length }} {% endfor %}{% endblock %}"
    )


def show_the_navigation_in_the_theme(root: Path) -> None:
    (root / "theme/main.html").write_text(
        '{% extends "base.html" %}{% block footer %}'
        "{% for i in nav %}{% for c in i.children or [i] %}{{ c.markdown | length }} "
        "{% endfor %}{% endfor %}{% endblock %}"
    )


def edit_what_a_hand_written_page_says(root: Path) -> None:
    replaced(root / "docs/start.md", "Read on.", "Read on, and on.")


def take_a_record_away(root: Path) -> None:
    (root / PATHS["review"]).unlink()


def add_a_page_that_links_lead_to(root: Path) -> None:
    (root / "docs/added.md").write_text("# Added\n")


def look_at_it_later(root: Path) -> None:
    replaced(root / "mkdocs.yml", "2026-12-01", "2027-02-03")


EDITS = (
    edit_a_record,
    rename_a_component,
    retitle_a_hand_written_page,
    retitle_in_front_matter,
    rename_the_site,
    lead_edits_elsewhere,
    put_something_into_the_theme,
    put_a_part_of_the_theme_elsewhere,
    take_a_record_away,
    add_a_page_that_links_lead_to,
    look_at_it_later,
    make_folders_of_pages,
    show_all_pages_in_the_theme,
    show_the_navigation_in_the_theme,
    edit_what_a_hand_written_page_says,
)


@pytest.mark.parametrize("edits", [EDITS[0:4], EDITS[4:7], EDITS[7:10], EDITS[10:]])
def test_whatever_changes_the_site_is_the_same_as_if_nothing_was_kept(
    tracker: Path, edits: tuple[Callable[[Path], None], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(tracker / INCIDENT, "## Updates", "## See\n\n[it](../../docs/added.md)\n\n## Updates")
    before = built(tracker)[0]
    for edit in edits:
        edit(tracker)

        after = built(tracker)[0]

        assert after != before, edit.__name__
        assert after == anew(tracker, monkeypatch), edit.__name__
        before = after


COPYRIGHT = Path(get_theme_dir("material"), "partials/copyright.html")


def link_to_templates(root: Path) -> Path:
    (root / "shared").mkdir()
    (root / "theme/partials").symlink_to("../shared")
    part = root / "shared/copyright.html"
    part.write_bytes(COPYRIGHT.read_bytes())
    return part


def take_a_drawing_in(root: Path) -> Path:
    """A template with a file of its own folder, which says of itself that it is a theme."""
    (root / "theme/mkdocs_theme.yml").touch()
    (root / "theme/assets").mkdir()
    (root / "theme/partials").mkdir()
    (root / "theme/partials/copyright.html").write_text('{% include "assets/part.svg" %}')
    return root / "theme/assets/part.svg"


def take_an_icon_in(root: Path) -> Path:
    part = take_a_drawing_in(root).parent.with_name(".icons") / "part.svg"
    part.parent.mkdir()
    (root / "theme/partials/copyright.html").write_text('{% include ".icons/part.svg" %}')
    return part


@pytest.mark.parametrize("made", [link_to_templates, take_a_drawing_in, take_an_icon_in])
def test_a_change_of_what_a_template_takes_in_shows_wherever_it_lies(
    tracker: Path, made: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    part = made(tracker)
    part.write_text("one of two")
    before = built(tracker)[0]
    part.write_text("two of two")

    after = built(tracker)[0]

    assert after != before
    assert after == anew(tracker, monkeypatch)


def test_a_circle_of_links_among_the_templates_ends(tracker: Path) -> None:
    (tracker / "theme/again").symlink_to(".")
    (tracker / "theme/nowhere").symlink_to("nowhere")

    built(tracker)

    assert kept(tracker) == []


def footer_of_the_theme() -> str:
    return COPYRIGHT.with_name("footer.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "text", "may_be_kept"),
    [
        ("main.html", '{% extends "base.html" %}{% block content %}{{ super() }}{% endblock %}', 1),
        ("main.html", "<nav>pages</nav> {{ page.content }} {{ page.toc }} {# nav #}", 1),
        ("main.html", '{% include "partials/nav.html" %}', 1),
        ("main.html", "{% if page.next_page %}{{ page.next_page.title }}{% endif %}", 1),
        ("main.html", "{% raw %}{{ nav }}{% endraw %}", 1),
        ("partials/footer.html", footer_of_the_theme(), 1),
        ("partials/footer.html", footer_of_the_theme() + "ours", 1),
        ("partials/nav.html", COPYRIGHT.with_name("nav.html").read_text("utf-8"), 1),
        ("assets/ours.js", "for (const nav of parent.children) nav.content", 1),
        ("assets/ours.js", "`${{nav ? 1 : 2}}`", 1),
        ("main.html", "{{ nav.homepage.content }}", 0),
        ("main.html", "{{ page.parent.children[0].content }}", 0),
        ("main.html", "{% set n = page.next_page %}{{ n.url }}", 0),
        ("main.html", "{{ page['next_page'].url }}", 0),
        ("main.html", "{{ page.next_page.next_page.title }}", 0),
        ("main.html", "{% if page.next_page.content %}x{% endif %}", 0),
        ("main.html", "{{- build_date_utc }}", 0),
        ("main.html", "{{ lipsum() }}", 0),
        ("main.html", "{{ config.plugins }}", 0),
        ("partials/nav-item.html", "{% macro render(i) %}{{ i.markdown }}{% endmacro %}", 0),
        ("partials/nav.html", "{% for i in nav %}{{ i.title }}{% endfor %}", 0),
    ],
)
def test_a_template_that_may_show_other_pages_is_told_from_one_that_does_not(
    path: str, text: str, may_be_kept: int, tmp_path: Path
) -> None:
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text(text, "utf-8")
    theme = Theme(name="material", custom_dir=str(tmp_path))
    assert looks_beyond(theme) is not bool(may_be_kept)


def test_a_changed_record_has_its_own_page_rendered_and_those_that_show_it(tracker: Path) -> None:
    built(tracker)
    edit_a_record(tracker)

    assert built(tracker)[1] == ["status.md", "history/2026.md", INCIDENT]


def test_a_page_is_the_same_page_by_page(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    together, rendered = built(tracker)
    assert rendered
    monkeypatch.setattr("incident_tracker.mkdocs_plugin.is_ours_alone", lambda _: False)

    alone, none = built(tracker)

    assert none == []
    assert alone == together


@pytest.mark.parametrize("link", ["../../docs/none.md", "../../docs/start.md#none"])
def test_a_link_that_leads_nowhere_fails_every_strict_build(
    tracker: Path, link: str, caplog: pytest.LogCaptureFixture
) -> None:
    replaced(tracker / INCIDENT, "## Updates", f"## See\n\n[it]({link})\n\n## Updates")
    said = []
    for _ in range(2):
        caplog.clear()
        with pytest.raises(Abort, match="in strict mode"):
            built(tracker, strict=True)
        said.append(
            [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
        )
    assert said[0] == said[1]
    assert [words for words in said[1] if "none" in words and INCIDENT in words]


# --- other plugins -------------------------------------------------------------------------------


def test_where_another_plugin_has_a_say_every_page_is_put_before_it(tracker: Path) -> None:
    (tracker / "hook.py").write_text(
        "def on_page_content(html, page, **_): return html + f'<p>seen {page.title}</p>'\n"
    )
    replaced(tracker / "mkdocs.yml", "plugins:", "hooks: [hook.py]\nplugins:")

    for _ in range(2):
        site, rendered = built(tracker)
        assert rendered == []
        assert b"<p>seen " in site[INCIDENT.replace(".md", ".html")]
    assert kept(tracker) == []


# --- where it lies -------------------------------------------------------------------------------


def test_what_is_kept_is_the_user_s_alone(tracker: Path) -> None:
    built(tracker)
    (file,) = kept(tracker)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("how", ["option", "environment"])
def test_nothing_is_kept_where_it_is_switched_off(
    tracker: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "option":
        replaced(tracker / "mkdocs.yml", "{now:", "{cache: false, now:")
    else:
        monkeypatch.setenv("INCIDENT_NO_CACHE", "1")
    assert built(tracker)[1] == built(tracker)[1] != []
    assert kept(tracker) == []


def test_nothing_is_kept_in_the_tracker_itself(
    tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tracker / "cache"))
    built(tracker)
    assert not (tracker / "cache").exists()


def test_what_others_may_write_to_is_not_read(tracker: Path) -> None:
    built(tracker)
    kept(tracker)[0].chmod(0o666)
    assert built(tracker)[1] != []


@pytest.mark.parametrize("damage", ["cut", "garbage", "empty", "another table", "bytes"])
def test_what_is_damaged_is_made_anew(
    tracker: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(tracker)
    (file,) = kept(tracker)
    data = file.read_bytes()
    if damage == "cut":
        file.write_bytes(data[: len(data) // 2])
    elif damage == "garbage":
        file.write_bytes(b"[]" * 5_000)
    elif damage == "empty":
        file.write_bytes(b"")
    else:
        with sqlite3.connect(file) as connection:
            if damage == "bytes":
                connection.execute("UPDATE pages SET output = X'00', facts = '{}'")
            else:
                connection.execute("DROP TABLE pages")
                connection.execute("CREATE TABLE pages (path TEXT)")
        connection.close()

    site, rendered = built(tracker)

    assert rendered != []
    assert site == anew(tracker, monkeypatch)


def test_two_builds_at_once_do_not_meet(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tracker)
    (file,) = kept(tracker)
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        site, rendered = built(tracker)
        other.execute("ROLLBACK")
    other.close()
    assert rendered != []
    assert site == anew(tracker, monkeypatch)
    assert built(tracker)[1] == []


def make_public(root: Path) -> Path:
    """Write what a site for everybody is configured by; return its place."""
    replaced(
        root / INCIDENT,
        "protocol: 2.0.0",
        "visibility: public\npublic_summary: Down.\nprotocol: 2.0.0",
    )
    (root / "docs-public").mkdir()
    (root / "docs-public" / "imprint.md").write_text("# Imprint\n")
    other = root / "mkdocs-public.yml"
    text = CONFIG.replace("{now:", "{audience: public, now:") + "docs_dir: docs-public\n"
    other.write_text(text + "site_dir: site-public\n")
    return other


def test_the_public_is_never_given_a_page_of_the_team(
    tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = make_public(tracker)
    replaced(tracker / INCIDENT, "## Updates", "## Secret\n\nCanary.\n\n## Updates")
    team, _ = built(tracker)
    assert b"Canary" in team[INCIDENT.replace(".md", ".html")]

    site, rendered = built(tracker, config=public)
    again, none = built(tracker, config=public)

    assert INCIDENT in rendered
    assert none == []
    assert site == again == anew(tracker, monkeypatch, config=public)
    assert not [path for path, data in site.items() if b"Canary" in data]
    assert len(kept(tracker)) == 2
    assert built(tracker)[1] == []


def test_sites_of_two_audiences_are_built_at_the_same_moment(
    tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = make_public(tracker)
    code = f"""
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
from incident_tracker import pages
from incident_tracker.pages import declare
from incident_tracker.registry import load
load(pages.__name__)
for name in {CONSTANT!r}:
    del declare.DECLARED[name]
build(load_config(sys.argv[1]))
"""
    for _ in range(2):
        started = [
            subprocess.Popen([sys.executable, "-c", code, str(config)])
            for config in (tracker / "mkdocs.yml", public)
        ]
        assert [process.wait() for process in started] == [0, 0]
    made = [files_of(tracker / folder) for folder in ("site", "site-public")]
    assert made == [anew(tracker, monkeypatch), anew(tracker, monkeypatch, config=public)]
    assert len(kept(tracker)) == 2


def test_of_many_sites_the_last_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("INCIDENT_NO_CACHE", raising=False)
    for number in range(page_store.MOST_SITES + 3):
        store = opened(f"site {number}", tmp_path / "tracker")
        store.put("a.md", "key", Kept(facts={"n": number}, output=compressed("text")))
        store.close({"a.md"})
    assert len(list((tmp_path / "cache").rglob("*.pages"))) == page_store.MOST_SITES
    again = opened(f"site {number}", tmp_path / "tracker")
    found = again.get("a.md", "key")
    assert found is not None
    assert (found.facts, found.text) == ({"n": number}, "text")
    assert again.get("a.md", "other key") is None
    again.close(set())
    emptied = opened(f"site {number}", tmp_path / "tracker")
    assert emptied.get("a.md", "key") is None
    emptied.close()


# --- several processes ---------------------------------------------------------------------------


def run(code: str, **environment: str) -> str:
    """What a Python of its own prints: this one has threads, and is never copied."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_copies_of_the_process_share_the_work() -> None:
    code = """
import os, pathlib, tempfile, time
from incident_tracker import sharing
sharing.processes_for = lambda *_: 3
here, folder = os.getpid(), pathlib.Path(tempfile.mkdtemp())
def work(number):
    if os.getpid() != here:
        (folder / str(os.getpid())).touch()
    while len(list(folder.iterdir())) < 2:
        time.sleep(0.01)
    return b"%d %d" % (number * number, os.getpid())
made = dict(sharing.spread(400, work))
print(sorted(made) == list(range(400)))
print(all(int(made[number].split()[0]) == number * number for number in made))
print(len({data.split()[1] for data in made.values()}) == 3)
print(sharing.beside(lambda: b"%d" % os.getpid())() != b"%d" % os.getpid())
"""
    assert run(code).split() == ["True"] * 4


def test_what_a_copy_does_not_finish_is_done_here() -> None:
    code = """
import os
from incident_tracker import sharing
sharing.processes_for = lambda *_: 2
here = os.getpid()
def work(number):
    if os.getpid() != here and number % 3 == 2:
        os._exit(0 if number % 2 else 9)
    return b"%d" % number
made = dict(sharing.spread(200, work))
print(made == {number: b"%d" % number for number in range(200)})
print(sharing.beside(lambda: work(2))() == b"2")
"""
    assert run(code).split() == ["True"] * 2


def test_several_processes_build_the_same_site(tmp_path: Path) -> None:
    made = []
    for name, alone in (("one", "1"), ("several", "")):
        site = tmp_path / name
        code = f"""
import os
from incident_tracker import sharing
if not {alone!r}:
    sharing.processes_for = lambda *_: 2
from mkdocs.commands.build import build
from mkdocs.config import load_config
build(load_config("mkdocs.yml", site_dir={str(site)!r}, strict=True))
"""
        run(code, INCIDENT_ONE_PROCESS=alone, INCIDENT_NO_CACHE="1", SOURCE_DATE_EPOCH="1796000000")
        made.append({p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()})
    assert made[0] == made[1]
