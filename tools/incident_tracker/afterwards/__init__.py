"""What is handed on after an incident: the report, the invitation, the agenda, the tickets."""
