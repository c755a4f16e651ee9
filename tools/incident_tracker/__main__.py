"""``python -m incident_tracker`` is the command ``incident``."""

from incident_tracker.cli import main

main()
