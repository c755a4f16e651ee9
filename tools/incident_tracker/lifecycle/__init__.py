"""The life of an incident: what each command writes, as functions from values to text."""
