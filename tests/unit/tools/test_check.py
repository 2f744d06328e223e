"""The runner of checks shows every failure, and its answer is the answer of the checks."""

import sys

import pytest

from tools.check import Check, Result, cheap_checks, run, run_all


def program(text: str, title: str = "one") -> Check:
    return Check(title, (sys.executable, "-c", text), "Mend it")


def test_all_checks_run_even_after_one_failed(capsys: pytest.CaptureFixture[str]) -> None:
    assert not run_all([program("print('why'); raise SystemExit(3)", "first"), program("", "second")])
    printed = capsys.readouterr().out
    assert "FAIL first" in printed
    assert "why\n→ Mend it" in printed
    assert "ok   second" in printed


def test_what_a_passing_check_prints_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_all([program("print('noise')")])
    assert "noise" not in capsys.readouterr().out


def test_a_check_that_speaks_is_heard_when_it_passes(capsys: pytest.CaptureFixture[str]) -> None:
    speaking = Check("sizes", program("print('lines: 3')").command, speaks=True)
    assert run_all([speaking])
    assert "lines: 3" in capsys.readouterr().out


def test_standard_error_is_kept_with_the_output() -> None:
    assert run(program("import sys; sys.exit('sorry')")).output == "sorry\n"


def test_a_line_says_mark_title_and_seconds() -> None:
    assert str(Result(program("", "types"), 0, "", 3.14159)) == "ok   types              3.1 s"


def test_each_check_has_a_title_of_its_own() -> None:
    titles = [check.title for check in cheap_checks()]
    assert len(set(titles)) == len(titles) >= 5
