"""Every check that needs no database and no browser: `python -m tools.check`, under a minute.

The cheap ones all run, two at a time, so that one run shows all there is to mend; the unit tests follow when
those pass.
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MIGRATIONS = ROOT / "src" / "motorpool" / "migrations" / "versions"
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what a person calls it, the command, a remedy, and whether it is heard when it passes."""

    title: str
    command: tuple[str, ...]
    remedy: str = ""
    speaks: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended: its exit code, what it printed and how long it took [s]."""

    check: Check
    code: int
    output: str
    took_s: float

    def __str__(self) -> str:
        mark = "FAIL" if self.code else "ok"
        return f"{mark:<5}{self.check.title:<16}{self.took_s:>6.1f} s"


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BIN / name), *arguments)


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)


def cheap_checks() -> list[Check]:
    """The checks that look at the code without running it, the slowest first."""
    checks = [
        Check("types", _tool("mypy")),
        Check("imports", _tool("lint-imports", "--no-logo"), "The seven contracts: ARCHITECTURE.md"),
        Check("format", _tool("ruff", "format", "--check", "--quiet", "."), "make fix"),
        Check("lint", _tool("ruff", "check", "--quiet", "."), "make fix mends some of it"),
        Check("own rules", _module("tools.lints"), speaks=True),
    ]
    if (ROOT / "tools" / "web.py").exists():
        checks.insert(0, Check("web", _module("tools.web", "check")))
    if scripts := sorted(str(path.relative_to(ROOT)) for path in MIGRATIONS.glob("*.sql")):
        checks.append(Check("migrations", _tool("squawk", "--reporter", "gcc", *scripts), ".squawk.toml"))
    return checks


UNIT_TESTS = Check("unit tests", _module("pytest", "tests/unit", "-n", str(AT_ONCE)))


def run(check: Check) -> Result:
    """Run one check and keep what it prints."""
    began = time.monotonic()
    done = subprocess.run(
        check.command, cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return Result(check, done.returncode, done.stdout, time.monotonic() - began)


def show(result: Result) -> None:
    """Print a line for a check, and what it printed when it failed."""
    print(result, flush=True)
    if result.code or result.check.speaks:
        print(result.output.strip(), flush=True)
    if result.code:
        print(f"→ {result.check.remedy}\n" if result.check.remedy else "", flush=True)


def run_all(checks: list[Check]) -> bool:
    """Run checks two at a time, show each in turn; whether all passed."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = []
        for result in pool.map(run, checks):
            show(result)
            results.append(result)
    return not any(result.code for result in results)


def main() -> int:
    """Run everything; 0 when all is well."""
    began = time.monotonic()
    passed = run_all(cheap_checks()) and run_all([UNIT_TESTS])
    print(f"{'all good' if passed else 'not yet'} after {time.monotonic() - began:.0f} s")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
