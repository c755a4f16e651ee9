"""Importers: the bytes of a format become drafts of records, or reasons why a row is none."""
