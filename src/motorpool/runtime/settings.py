"""Every setting, declared once: name, type, default, unit and a sentence. `docs/reference/settings.md` is written from this."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from motorpool.kernel.errors import MotorpoolError


class SettingInvalid(MotorpoolError):
    """A setting has a value that cannot be used."""


RANGES: Mapping[str, tuple[float, float]] = {
    "retention_days": (1, 3650),
    "session_days": (1, 3650),
    "token_minutes": (1, 525_600),
    "database_connections": (1, 1000),
    "demo_vehicles": (0, 10_000),
    "request_seconds": (0.001, 3600),
    "receive_seconds": (0.001, 3600),
    "drain_seconds": (0, 3600),
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "log_format": ("auto", "json", "console"),
    "log_level": ("debug", "info", "warning", "error"),
}


def setting(default: Any, sentence: str, unit: str = "") -> Any:
    """A field of `Settings` with what a reader needs to know of it."""
    return field(default=default, metadata={"sentence": sentence, "unit": unit})


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set, from environment variables `MOTORPOOL_<NAME>`."""

    host: str = setting("127.0.0.1", "Address the web server listens on; 0.0.0.0 for every network.")
    port: int = setting(8000, "Port of the web app and the API.")
    public_url: str = setting(
        "",
        "Address people use, for example https://fleet.example.com; the session cookie is Secure when it begins with https.",
    )
    data_dir: Path = setting(
        Path(".motorpool"),
        "Folder for everything Motorpool keeps on this machine, the embedded database included.",
    )
    database_url: str = setting(
        "", "An own PostgreSQL 16 or newer, as a user who may create roles; empty: the embedded one."
    )
    postgres_version: int = setting(
        18,
        "Version of the embedded PostgreSQL: 16 or 18. A data folder stays with the version it was made by.",
    )
    database_connections: int = setting(10, "Connections of one process to the database, per role.")
    redis_url: str = setting("", "Redis for live messages between processes; empty when one process runs everything.")
    secret_key: str = setting(
        "",
        "The key all others are derived from, at least 32 characters; empty: made once and kept in the data folder.",
    )
    demo: bool = setting(
        False, "Sets up two demo companies with a driving fleet, and shows their sign-in on the start page."
    )
    demo_vehicles: int = setting(60, "Vehicles of the demo fleet.")
    device_host: str = setting("127.0.0.1", "Address the device ports listen on; 0.0.0.0 for trackers in the field.")
    osmand_port: int = setting(5055, "Port for phones that run the Traccar Client or OsmAnd; 0 switches it off.")
    teltonika_port: int = setting(5027, "Port for Teltonika trackers; 0 switches it off.")
    adopting_tenant: str = setting(
        "",
        "Short name of the company that unknown devices on the device ports belong to, if it registers unknown devices.",
    )
    ingest_url: str = setting(
        "",
        "Address of the ingest process (host:port) for gateways and API processes that run apart from it; "
        "separated by commas when others stand by.",
    )
    ingest_port: int = setting(
        0, "Port the ingest process listens on for gateways and API processes that run apart; 0: none."
    )
    retention_days: int = setting(2557, "How old a position may be when it arrives.", "days")
    session_days: int = setting(14, "How long a browser stays signed in.", "days")
    token_minutes: int = setting(60, "How long a bearer token is valid.", "minutes")
    request_seconds: float = setting(30.0, "Longest time a request may take before it is answered with 503.", "s")
    receive_seconds: float = setting(15.0, "Longest time a client may take to send a request's head or body.", "s")
    drain_seconds: float = setting(
        5.0, "Longest time requests in flight are waited for when the process is asked to stop.", "s"
    )
    log_format: str = setting("auto", "auto, json or console; auto writes for people on a terminal and JSON elsewhere.")
    log_level: str = setting("info", "debug, info, warning or error.")

    def __post_init__(self) -> None:
        for name in ("port", "osmand_port", "teltonika_port", "ingest_port"):
            if not 0 <= getattr(self, name) <= 65535:
                raise SettingInvalid(f"MOTORPOOL_{name.upper()} must be a port between 0 and 65535.")
        for name in ("request_seconds", "receive_seconds", "drain_seconds"):
            if not 0 < getattr(self, name) < 86_400:
                raise SettingInvalid(f"MOTORPOOL_{name.upper()} must be more than 0 and less than a day.")
        if self.secret_key and len(self.secret_key) < 32:
            raise SettingInvalid("MOTORPOOL_SECRET_KEY must have at least 32 characters.")
        if self.postgres_version not in (16, 18):
            raise SettingInvalid("MOTORPOOL_POSTGRES_VERSION must be 16 or 18.")
        for fault in self._out_of_bounds():
            raise SettingInvalid(fault)

    def _out_of_bounds(self) -> Iterator[str]:
        for name, (least, most) in RANGES.items():
            if not least <= getattr(self, name) <= most:
                yield f"MOTORPOOL_{name.upper()} must be between {least} and {most}."
        for name, words in CHOICES.items():
            if getattr(self, name).lower() not in words:
                yield f"MOTORPOOL_{name.upper()} must be one of {', '.join(words)}."


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the reference page shows it."""

    name: str
    kind: str
    default: str
    unit: str
    sentence: str


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. Raises SettingInvalid with the variable's name and what it must be."""
    given = os.environ if environment is None else environment
    values = {
        one.name: _parse(one.name, type(one.default), given[_variable(one.name)])
        for one in fields(Settings)
        if given.get(_variable(one.name))
    }
    return Settings(**values)


def _variable(name: str) -> str:
    return f"MOTORPOOL_{name.upper()}"


def _parse(name: str, kind: Any, text: str) -> Any:
    if kind is bool:
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off"):
            return False
        raise SettingInvalid(f"{_variable(name)} must be 1 or 0, not {text!r}.")
    try:
        return Path(text) if issubclass(kind, Path) else kind(text)
    except ValueError as error:
        raise SettingInvalid(f"{_variable(name)} must be a {kind.__name__}, not {text!r}.") from error


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(
        name=_variable(one.name),
        kind=type(one.default).__name__ if not isinstance(one.default, Path) else "path",
        default=str(one.default),
        unit=one.metadata["unit"],
        sentence=one.metadata["sentence"],
    )
    for one in fields(Settings)
)
