"""The event log of a record: timeline, phrases, updates, boxes and actions, and their fold."""
