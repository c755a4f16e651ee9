"""Exports: a tracker at a moment becomes the files of a format that others read."""
