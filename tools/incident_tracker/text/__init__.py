"""Bytes and text: documents with a place for everything, strict YAML, and edits of a few lines."""
