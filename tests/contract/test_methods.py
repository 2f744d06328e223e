"""Every address takes the methods it has, and says so of the others."""

import pytest
from httpx2 import AsyncClient


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST", "OPTIONS", "HEAD"])
async def test_a_method_an_address_does_not_take_is_refused(demo: AsyncClient, method: str) -> None:
    answer = await demo.request(method, "/positions/latest")
    assert answer.status_code == 405
