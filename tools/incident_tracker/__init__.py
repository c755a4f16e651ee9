"""Incidents and their reviews, kept as Markdown in a Git repository."""

__version__ = "1.1.1"
