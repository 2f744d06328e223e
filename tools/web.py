"""Check or mend the web app with the Node.js of `.venv`: `python -m tools.web check|fix`."""

import sys

from tools import environment

SCRIPTS = {"check": "check", "fix": "fix"}


def main(arguments: list[str]) -> None:
    """Run the npm script of that name; its exit code is ours."""
    if len(arguments) != 1 or arguments[0] not in SCRIPTS:
        sys.exit("Say what to do: python -m tools.web check, or python -m tools.web fix")
    environment.sync_node()
    environment.npm("run", "--silent", SCRIPTS[arguments[0]])


if __name__ == "__main__":
    main(sys.argv[1:])
