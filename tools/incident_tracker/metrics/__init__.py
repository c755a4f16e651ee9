"""The metrics, one module per topic; a new module here is found by itself."""
