"""Randomness that does not depend on who asks first: numbers made of a key and a time [SplitMix64, Steele et al. 2014]."""

import numpy as np
from numpy.typing import NDArray

from motorpool.demo.ground import Floats

_TURNS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_STEP = np.uint64(0x9E3779B97F4A7C15)


def mixed(key: int, number: NDArray[np.int64]) -> NDArray[np.uint64]:
    """64 random bits for each number under a key; always the same."""
    with np.errstate(over="ignore"):
        bits = number.astype(np.uint64) * _STEP + np.uint64(key * 0x632BE59BD9B4E019 % 2**64)
        bits = (bits ^ (bits >> np.uint64(30))) * _TURNS[0]
        bits = (bits ^ (bits >> np.uint64(27))) * _TURNS[1]
    mixed_bits: NDArray[np.uint64] = bits ^ (bits >> np.uint64(31))
    return mixed_bits


def uniform(key: int, number: NDArray[np.int64]) -> Floats:
    """Numbers in [0, 1)."""
    return (mixed(key, number) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def bell(key: int, number: NDArray[np.int64]) -> Floats:
    """Numbers with mean 0 and deviation 1, never beyond 3.5: the sum of four even ones [Irwin–Hall]."""
    total: Floats = sum((uniform(key + k, number) for k in range(1, 4)), uniform(key, number))
    centred: Floats = (total - 2.0) * np.sqrt(3.0)
    return centred


def drifting(key: int, at_s: Floats, every_s: float) -> Floats:
    """Like `bell`, but wandering slowly: one number every so many seconds, straight lines between."""
    knot = np.floor(at_s / every_s)
    share = at_s / every_s - knot
    number = knot.astype(np.int64)
    return bell(key, number) * (1 - share) + bell(key, number + 1) * share
