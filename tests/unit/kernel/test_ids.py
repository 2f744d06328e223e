"""Ids are UUIDv7: made later, sorted later."""

from hypothesis import given
from hypothesis import strategies as st

from motorpool.kernel.ids import new_id

MILLISECONDS = st.integers(0, 2**48 - 1)
NOISE = st.binary(min_size=10, max_size=10)


@given(MILLISECONDS, NOISE)
def test_an_id_says_its_version_its_variant_and_when_it_was_made(now_ms: int, noise: bytes) -> None:
    made = new_id(now_ms, noise)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == now_ms


@given(MILLISECONDS, MILLISECONDS, NOISE, NOISE)
def test_a_later_millisecond_sorts_later_whatever_the_noise(one: int, two: int, a: bytes, b: bytes) -> None:
    if one != two:
        assert (new_id(one, a) < new_id(two, b)) == (one < two)


@given(MILLISECONDS, NOISE)
def test_the_same_moment_and_noise_make_the_same_id_and_other_noise_another(now_ms: int, noise: bytes) -> None:
    assert new_id(now_ms, noise) == new_id(now_ms, noise)
    assert new_id(now_ms, noise) != new_id(now_ms, noise[:-1] + bytes([noise[-1] ^ 1]))


def test_ids_made_at_once_differ_and_are_of_now() -> None:
    made = [new_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert [one.int >> 80 for one in made] == sorted(one.int >> 80 for one in made)
