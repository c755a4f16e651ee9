"""The rules, one module for each part of a record; a new module is found by being here."""
