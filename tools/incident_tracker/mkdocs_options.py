"""What the plugin's options and MkDocs' own say, as values."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError


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
