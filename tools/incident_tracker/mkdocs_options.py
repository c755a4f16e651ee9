"""What the plugin's options and MkDocs' own say, as values, and which a public site may have."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

INTERNAL_FOLDERS = ("docs", "incidents", "pir", "runbooks", "protocol", "evidence")


def moment(option: object) -> datetime:
    """The moment that the site is built for: the option, SOURCE_DATE_EPOCH, or the clock."""
    if option:
        try:
            found = option if isinstance(option, datetime) else datetime.fromisoformat(str(option))
        except ValueError as problem:
            raise PluginError(f"now: {option} is no time: {problem}") from None
        if found.tzinfo is None:
            raise PluginError(f"now: {option} has no offset; write 2026-11-23T14:20:00-05:00")
        return found
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        wrong = f"SOURCE_DATE_EPOCH: {epoch} is no number of seconds since 1970"
        raise PluginError(wrong) from None


def edit_url(config: MkDocsConfig) -> str:
    """What a repository path is appended to for editing it; empty if nothing is configured."""
    if not config.edit_uri:
        return ""
    if urlsplit(config.edit_uri).netloc or not config.repo_url:
        return config.edit_uri
    return urljoin(config.repo_url.rstrip("/") + "/", config.edit_uri)


def keep_to_the_public(config: MkDocsConfig, root: Path) -> None:
    """Take out of a public site's settings what leads to the team's files; refuse what shows them.

    ``root`` is the tracker's folder.
    """
    own = Path(config.config_file_path or "mkdocs.yml").resolve()
    if "INHERIT" in _settings(own):
        raise PluginError(
            f"{own.name} inherits from another file, and what is internal there would come along: "
            "write down here what the public site needs"
        )
    docs = Path(config.docs_dir).resolve()
    theirs = _settings(own.with_name("mkdocs.yml")).get("docs_dir", "docs")
    internal = [root / folder for folder in INTERNAL_FOLDERS]
    if own.name != "mkdocs.yml":
        internal.append((own.parent / theirs).resolve())
    if any(docs.is_relative_to(folder) or folder.is_relative_to(docs) for folder in internal):
        raise PluginError(
            f"docs_dir: {docs.name} would show the team's own files to everybody: "
            "name a folder that holds public pages only, as docs_dir: docs-public"
        )
    config.repo_url = config.repo_name = config.edit_uri = config.edit_uri_template = None


def _settings(path: Path) -> dict[str, str]:
    """The plain values of a file of settings, by key; tags of it are not followed."""
    try:
        node = yaml.compose(path.read_text("utf-8", "replace"), yaml.SafeLoader)
    except (OSError, yaml.YAMLError):
        return {}
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return {key.value: str(value.value) for key, value in pairs if isinstance(key.value, str)}
