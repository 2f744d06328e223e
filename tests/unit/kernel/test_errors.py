"""Errors are types: their code comes from the name, their sentence from the docstring."""

import pytest

from motorpool.kernel.errors import Conflict, Invalid, MotorpoolError, NotFound
from tools.reference import import_everything, subclasses

import_everything()
ERRORS = list(subclasses(MotorpoolError))


class HTTPPortTaken(Conflict):
    """Somebody listens there.

    This line is for who reads the code.
    """


def test_the_code_is_the_name_in_small_letters() -> None:
    assert (NotFound.code, Invalid.code) == ("not_found", "invalid")
    assert HTTPPortTaken().code == "h_t_t_p_port_taken"


def test_the_sentence_is_the_first_line_of_the_docstring_unless_one_is_given() -> None:
    assert HTTPPortTaken().detail == str(HTTPPortTaken()) == "Somebody listens there."
    assert HTTPPortTaken("Port 5 is taken.").detail == "Port 5 is taken."
    assert HTTPPortTaken(port=5).fields == {"port": 5}


def test_an_error_has_the_status_of_its_family() -> None:
    assert HTTPPortTaken.status == 409
    assert MotorpoolError.status == 500


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.code)
def test_every_error_says_a_sentence_people_can_read(kind: type[MotorpoolError]) -> None:
    said = (kind.__doc__ or "").strip().split("\n")[0]
    assert said.endswith(".")
    assert 400 <= kind.status < 600
