"""Rules of our own, where no bought lint knows them. `python -m tools.lints` runs them over the repository.

Each module has a sentence of docstring that says why the rule exists, `check(tree)`, and `GOOD` and `BAD`:
small trees of files that the rule must accept and refuse; `tests/unit/tools/test_lints.py` runs every rule
over its own examples.
"""
