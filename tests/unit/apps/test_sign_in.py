"""The sign-in arguments of commands."""

import argparse

import pytest

from motorpool.apps import sign_in
from motorpool.apps.client import Credentials


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    sign_in.add_arguments(parser)
    return parser.parse_args(arguments)


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOTORPOOL_PORT", "MOTORPOOL_PASSWORD", "MOTORPOOL_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_without_arguments_it_is_the_motorpool_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parsed().url == "http://127.0.0.1:8000"
    monkeypatch.setenv("MOTORPOOL_PORT", "9001")
    assert parsed().url == "http://127.0.0.1:9001"


def test_an_api_key_comes_before_a_password() -> None:
    assert sign_in.credentials(parsed("--api-key", "k", "--email", "a@b.example")) == Credentials(api_key="k")


def test_secrets_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTORPOOL_PASSWORD", "p")
    assert sign_in.credentials(parsed("--email", "a@b.example")) == Credentials(email="a@b.example", password="p")
    monkeypatch.setenv("MOTORPOOL_API_KEY", "k")
    assert sign_in.credentials(parsed()) == Credentials(api_key="k")


def test_an_address_given_by_hand_wins_over_a_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTORPOOL_API_KEY", "k")
    found = sign_in.credentials(parsed("--email", "a@b.example", "--password", "p"))
    assert found == Credentials(email="a@b.example", password="p")
