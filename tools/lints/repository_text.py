"""Repository text: what is true on one machine only does not belong in the repository.

Addresses of package registries differ between networks (a lock names versions and hashes, never hosts), and
absolute paths of somebody's machine are noise for everybody else.
"""

import re
from collections.abc import Iterator

from tools.lints.tree import Problem, Tree, line_of

RULE = "text"
LOCK = re.compile(r"(^|/)(requirements[\w-]*\.lock|package-lock\.json|uv\.lock|\.npmrc|uv\.toml|pip\.conf)$")
ADDRESS = re.compile(r"https?://[^\s\"']+")
HOSTS = re.compile(r"\b(?:files\.pythonhosted|test\.pypi|pypi|registry\.npmjs|registry\.yarnpkg)\.(?:org|com)\b")
REGISTRY = re.compile(r"^\s*(?:extra-)?index[-_]url\s*=|^\s*(?:@[\w-]+:)?registry\s*=", re.MULTILINE)
MACHINE = re.compile(r"(?<![\w.~$}*/-])/(?:root|home|work|Users)/[\w.-]+")
OWN = ("tools/lints/repository_text.py",)

GOOD = (
    {"requirements.lock": "numpy==2.2 \\\n    --hash=sha256:00\n"},
    {"docs/operate/run.md": "Data stands in `.motorpool/`; see https://www.postgresql.org/docs/18/.\n"},
    {"web/src/routes.ts": "navigate('/work-orders/1');\n"},
    {"web/package-lock.json": '{"funding": {\n "url": "https://example.org/give"}}\n'},
)
BAD = (
    {"requirements.lock": "--index-url https://mirror.example/simple\nnumpy==2.2\n"},
    {"web/package-lock.json": '{"resolved": "https://mirror.example/a.tgz"}\n'},
    {"pyproject.toml": '[tool.uv]\nindex-url = "https://mirror.example/simple"\n'},
    {"docs/operate/run.md": "See https://pypi.org/project/numpy.\n"},
    {"tests/unit/a.py": "PATH = '/home/somebody/motorpool'\n"},
    {"docs/operate/run.md": "cd /home/somebody/motorpool\n"},
)


def check(tree: Tree) -> Iterator[Problem]:
    """Registry addresses and machine paths in any tracked file."""
    for path, text in tree.items():
        if path in OWN:
            continue
        if LOCK.search(path):
            yield from _lock_problems(path, text)
        for found in (*HOSTS.finditer(text), *REGISTRY.finditer(text)):
            remedy = "Leave it out: the installer knows where packages come from"
            yield Problem(path, line_of(text, found.start()), RULE, f"a package registry, `{found[0].strip()}`", remedy)
        for found in MACHINE.finditer(text):
            remedy = "Write it relative to the repository, or take it from a setting"
            yield Problem(path, line_of(text, found.start()), RULE, f"`{found[0]}` is a path of one machine", remedy)


def _lock_problems(path: str, text: str) -> Iterator[Problem]:
    """Any address; npm's lock also says where authors ask for money, so there only `resolved` counts."""
    is_npm = path.endswith(".json")
    for number, line in enumerate(text.split("\n"), 1):
        if (found := ADDRESS.search(line)) and (not is_npm or '"resolved"' in line):
            yield Problem(path, number, RULE, f"an address in a lock, `{found[0]}`", "Write the lock with `make lock`")
