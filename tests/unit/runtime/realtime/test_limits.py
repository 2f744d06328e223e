"""The token bucket."""

from motorpool.runtime.realtime.limits import Bucket


def test_a_burst_is_allowed_then_the_rate() -> None:
    bucket = Bucket(per_s=2.0, burst=3)
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(100.5), bucket.take(100.5)] == [True, False]


def test_rest_fills_the_bucket_to_the_burst_and_no_further() -> None:
    bucket = Bucket(per_s=10.0, burst=2)
    assert [bucket.take(1e6) for _ in range(3)] == [True, True, False]
