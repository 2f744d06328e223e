"""Run every lint of our own over the repository: `python -m tools.lints`."""

import sys

from tools.lints import mocks, names, repository_text, sizes, sql_ownership, units
from tools.lints.tree import Problem, Tree, repository

LINTS = (sizes, names, units, mocks, repository_text, sql_ownership)


def problems(tree: Tree) -> list[Problem]:
    """Everything the lints have to say about a tree of files, by rule."""
    return [problem for lint in LINTS for problem in lint.check(tree)]


def main() -> int:
    """Print the problems and the sizes; 1 when there is a problem."""
    tree = repository()
    found = problems(tree)
    for problem in found:
        print(problem)
    print(sizes.summary(tree))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
