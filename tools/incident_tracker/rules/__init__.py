"""The rules, one module for each kind of record or part of it; a new module is found by being here."""
