"""Settings come from the environment; a value that cannot be used is told with its name and what it must be."""

from pathlib import Path

import pytest

from motorpool.runtime.settings import SETTINGS, SettingInvalid, load_settings


def test_without_any_variable_everything_has_its_default() -> None:
    found = load_settings({})
    assert (found.host, found.port, found.demo, found.data_dir) == ("127.0.0.1", 8000, False, Path(".motorpool"))
    assert load_settings({"MOTORPOOL_PORT": "", "PORT": "5"}) == found


def test_values_are_read_as_their_types() -> None:
    given = {
        "MOTORPOOL_PORT": "0",
        "MOTORPOOL_DATA_DIR": "/x",
        "MOTORPOOL_REQUEST_SECONDS": "1.5",
        "MOTORPOOL_REDIS_URL": "redis://x",
    }
    found = load_settings(given)
    assert (found.port, found.data_dir, found.request_seconds, found.redis_url) == (0, Path("/x"), 1.5, "redis://x")


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", True), ("TRUE", True), ("yes", True), ("on", True), ("0", False), ("no", False), ("Off", False)],
)
def test_a_switch_may_be_said_in_several_ways(text: str, value: bool) -> None:
    assert load_settings({"MOTORPOOL_DEMO": text}).demo is value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("OSMAND_PORT", "70000"),
        ("DEMO", "maybe"),
        ("SECRET_KEY", "short"),
        ("POSTGRES_VERSION", "15"),
        ("RETENTION_DAYS", "0"),
        ("RETENTION_DAYS", "4000"),
        ("REQUEST_SECONDS", "soon"),
        ("REQUEST_SECONDS", "nan"),
        ("REQUEST_SECONDS", "0"),
        ("DRAIN_SECONDS", "-1"),
        ("DATABASE_CONNECTIONS", "0"),
        ("SESSION_DAYS", "0"),
        ("TOKEN_MINUTES", "-5"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("DEMO_VEHICLES", "-1"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_in_a_sentence(name: str, text: str) -> None:
    with pytest.raises(SettingInvalid, match=rf"^MOTORPOOL_{name} must .+\.$"):
        load_settings({f"MOTORPOOL_{name}": text})


def test_every_setting_has_a_sentence_and_no_secret_a_default() -> None:
    assert all(one.sentence.endswith(".") for one in SETTINGS)
    assert {one.default for one in SETTINGS if "SECRET" in one.name} == {""}
