"""The locks pin every package by hash and name no place it comes from."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def requirements(text: str) -> list[str]:
    """The logical lines of a requirements file."""
    joined = text.replace("\\\n", " ")
    return [line for line in joined.split("\n") if line.strip() and not line.lstrip().startswith("#")]


def complaints(text: str) -> list[str]:
    """What a requirements lock must not be: without version, without hash, with an address."""
    said = [line for line in requirements(text) if not re.match(r"[A-Za-z0-9][\w.\[\],-]*==\S+", line)]
    said += [line for line in requirements(text) if "--hash=sha256:" not in line]
    return said + [line for line in requirements(text) if "://" in line]


def npm_complaints(lock: dict[str, Any]) -> list[str]:
    """Packages of an npm lock that name where they come from, or have no checksum."""
    packages = {name: one for name, one in lock["packages"].items() if name}
    packages = {name: one for name, one in packages.items() if not (one.get("link") or one.get("inBundle"))}
    return [name for name, one in packages.items() if "resolved" in one or "integrity" not in one]


@pytest.mark.parametrize("name", LOCKS)
def test_a_python_lock_has_versions_and_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert len(requirements(text)) > 20
    assert complaints(text) == []


def test_the_larger_lock_agrees_with_the_smaller() -> None:
    small, large = (
        dict(line.split(" ")[0].split("==") for line in requirements((ROOT / name).read_text())) for name in LOCKS
    )
    assert {name: version for name, version in small.items() if large.get(name) != version} == {}


def test_the_npm_lock_has_checksums_and_no_address() -> None:
    assert npm_complaints(json.loads((ROOT / "web" / "package-lock.json").read_text())) == []


@pytest.mark.parametrize(
    "text",
    [
        "numpy>=2 --hash=sha256:00\n",
        "numpy==2.2\n",
        "--index-url https://mirror.example\nnumpy==2 --hash=sha256:0\n",
    ],
)
def test_a_bad_python_lock_is_refused(text: str) -> None:
    assert complaints(text)


def test_a_bad_npm_lock_is_refused() -> None:
    bad = {
        "packages": {
            "": {},
            "a": {"resolved": "x", "integrity": "sha512-x"},
            "b": {},
            "c": {"integrity": "sha512-x"},
        }
    }
    assert npm_complaints(bad) == ["a", "b"]
