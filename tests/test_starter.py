"""What `incident init` writes is complete, and the list of it stands in one place."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
import yaml

from conftest import ROOT
from incident_tracker import __version__, starter
from incident_tracker.history.beginning import begin_history
from incident_tracker.upgrading.pins import TOOL, Pin, pinned


def paths(*, demo: bool) -> list[str]:
    return [str(file.path) for file in starter.files(demo=demo)]


def test_every_part_exists_in_this_repository() -> None:
    assert [part.source for part in starter.PARTS if not (ROOT / part.source).exists()] == []


def test_a_new_tracker_gets_protocol_runbooks_and_workflow_but_no_records() -> None:
    written = paths(demo=False)
    assert "protocol/protocol.yml" in written
    assert ".github/workflows/records.yml" in written
    assert any(path.startswith("runbooks/") for path in written)
    assert not [path for path in written if path.startswith(("incidents/", "pir/"))]


def test_the_demo_adds_records_with_their_reviews_and_evidence_and_nothing_else() -> None:
    added = set(paths(demo=True)) - set(paths(demo=False))
    assert {PurePosixPath(path).parts[0] for path in added} == {"incidents", "pir", "evidence"}


def test_no_file_is_written_twice() -> None:
    written = paths(demo=True)
    assert len(written) == len(set(written))


def test_a_file_arrives_byte_for_byte() -> None:
    (workflow,) = (file for file in starter.files(demo=False) if file.path.name == "records.yml")
    assert workflow.content == (ROOT / ".github/workflows/records.yml").read_bytes()


def test_every_file_that_asks_for_the_tool_asks_for_the_version_that_writes_it() -> None:
    asking = {str(f.path): f.content for f in starter.files(demo=False) if TOOL in f.content}
    assert sorted(asking) == [".pre-commit-config.yaml", "requirements.txt"]
    for path, template in asking.items():
        asked = pinned(template, Pin(__version__)).decode()
        assert f"incident-tracker=={__version__}" in asked, path
        assert "{{" not in asked


def test_no_packed_path_begins_with_a_dot() -> None:
    assert [part.packed for part in starter.PARTS if part.packed.startswith(".")] == []


def test_the_new_site_is_configured_like_this_one_without_the_pages_about_the_tracker() -> None:
    (written,) = (file for file in starter.files(demo=False) if file.path.name == "mkdocs.yml")
    theirs = yaml.safe_load(written.content)
    ours = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    (ours_guide,), (their_guide,) = ours.pop("nav"), theirs.pop("nav")
    assert theirs == ours
    assert their_guide["Guide"] == [page for page in ours_guide["Guide"] if isinstance(page, str)]


def test_the_new_public_site_is_configured_like_this_one_and_inherits_nothing() -> None:
    written = {str(file.path): file.content for file in starter.files(demo=False)}
    assert written["mkdocs-public.yml"] == (ROOT / "mkdocs-public.yml").read_bytes()
    public = yaml.safe_load(written["mkdocs-public.yml"])
    team = yaml.safe_load(written["mkdocs.yml"])
    assert "INHERIT" not in public
    assert f"/{public['site_dir']}/" in written[".gitignore"].decode()
    assert public["docs_dir"] != team["docs_dir"]
    assert any(path.startswith(f"{public['docs_dir']}/") for path in written)
    assert public["validation"] == team["validation"]


def test_every_guide_page_of_the_new_site_is_written() -> None:
    (config,) = (file for file in starter.files(demo=False) if file.path.name == "mkdocs.yml")
    (guide,) = yaml.safe_load(config.content)["nav"]
    docs = {path for path in paths(demo=False) if path.startswith("docs/")}
    assert set(guide["Guide"]) == docs


def test_the_repository_begins_on_the_branch_that_the_workflows_run_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text("[init]\n\tdefaultBranch = trunk\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    tracker = tmp_path / "tracker"
    assert begin_history(tracker)
    head = (tracker / ".git" / "HEAD").read_text("utf-8").strip()
    assert head == "ref: refs/heads/main"
    workflow = yaml.safe_load((ROOT / ".github/workflows/site.yml").read_text("utf-8"))
    assert workflow[True]["push"]["branches"] == [head.rpartition("/")[2]]
