"""Incidents and their reviews, kept as Markdown in a Git repository."""

__version__ = "0.9.0"
