"""A client of Motorpool's public API, for programs that run beside it: simulate, replay, yours.

What `send` was given arrives exactly once: it repeats until the server has answered, and the server knows a row again when it
comes twice. Rows the server refuses are not sent again; they are counted by reason in `counts`.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import msgspec

from motorpool.kernel.errors import Malformed, MotorpoolError, Unauthenticated, Unavailable

API = "/api/v1"
BATCH_ROWS = 5_000
BATCH_BYTES = 8_000_000
"""The server takes 5 000 rows and less than 10 MB at a time."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 20.0
RETRIED = frozenset({429, 502, 503, 504})

Row = Mapping[str, Any]


class ServerAway(Unavailable):
    """Motorpool does not answer at this address."""


class SignInNeeded(Unauthenticated):
    """Say who you are: --api-key, or --email and --password. Only a demo lets you in without."""


class CredentialsRefused(Unauthenticated):
    """E-mail address, password or API key is wrong."""


class Refused(MotorpoolError):
    """Motorpool refused the request."""


class AddressInvalid(Malformed):
    """The address must begin with http:// or https://, for example http://127.0.0.1:8000."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An API key, or e-mail address and password. Nothing at all: the first account a demo offers."""

    api_key: str | None = None
    email: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(slots=True)
class Counts:
    """What became of the rows: stored now, stored before, refused (by code). `example` keeps one detail for each code."""

    accepted: int = 0
    duplicates: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    example: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Counts") -> None:
        """Count another answer in."""
        self.accepted += other.accepted
        self.duplicates += other.duplicates
        self.rejected.update(other.rejected)
        self.example = {**other.example, **self.example}

    @staticmethod
    def of(receipt: Mapping[str, Any]) -> "Counts":
        """The counts of the server's answer to one batch."""
        refused = receipt["rejected"]
        return Counts(
            accepted=receipt["accepted"],
            duplicates=receipt["duplicates"],
            rejected=Counter(one["code"] for one in refused),
            example={one["code"]: one["detail"] for one in reversed(refused)},
        )


class Client:
    """Speaks to one Motorpool as one account. `async with Client(url, credentials) as client:` signs in.

    `patience_s`: for how long a request is repeated while the server is away or busy, in seconds. `sleep` and `chance`
    (numbers in [0, 1)) are arguments so that tests need not wait.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials | None = None,
        *,
        patience_s: float = float("inf"),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.url = _checked(url)
        self.counts = Counts()
        self._credentials = credentials or Credentials()
        self._patience_s, self._sleep, self._chance = patience_s, sleep, chance
        self._http = httpx2.AsyncClient(
            base_url=self.url,
            timeout=httpx2.Timeout(60.0, connect=10.0),
            trust_env=urlsplit(self.url).hostname not in ("127.0.0.1", "localhost", "::1"),
        )

    async def __aenter__(self) -> Self:
        try:
            await self._sign_in()
        except BaseException:
            await self._http.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    @property
    def account(self) -> str:
        """Who is signed in, for people to read."""
        return self._credentials.email or "API key"

    async def get(self, path: str, **query: Any) -> Any:
        """The JSON of `GET /api/v1<path>`. Raises Refused, ServerAway."""
        return await self._call("GET", path, params={k: v for k, v in query.items() if v is not None})

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON answer of `POST /api/v1<path>`; done once however often it had to be sent. Raises Refused, ServerAway."""
        return await self._call(
            "POST", path, content=msgspec.json.encode(body), headers={"idempotency-key": str(uuid4())}
        )

    async def items(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """All items of a list, page after page."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = await self.get(path, limit=200, cursor=cursor, **query)
            found += page["data"]
            cursor = page["page"]["next"]
            if cursor is None:
                return found

    async def send(self, rows: Sequence[Row]) -> Counts:
        """Send positions in the order given, 5 000 at a time; returns after the last was committed."""
        counts = Counts()
        for start in range(0, len(rows), BATCH_ROWS):
            counts.add(await self._send(rows[start : start + BATCH_ROWS]))
        self.counts.add(counts)
        return counts

    async def _send(self, rows: Sequence[Row]) -> Counts:
        body = msgspec.json.encode({"positions": rows})
        if len(body) > BATCH_BYTES and len(rows) > 1:
            first, second = rows[: len(rows) // 2], rows[len(rows) // 2 :]
            counts = await self._send(first)
            counts.add(await self._send(second))
            return counts
        return Counts.of(await self._call("POST", "/telemetry", content=body))

    async def _sign_in(self) -> None:
        if self._credentials.api_key is not None:
            self._http.headers["authorization"] = f"Bearer {self._credentials.api_key}"
            return
        if self._credentials.email is None:
            self._credentials = await self._demo_account()
        login = {"email": self._credentials.email, "password": self._credentials.password}
        answer = await self._patiently("POST", "/auth/login", content=msgspec.json.encode(login), headers={})
        if answer.status_code in (401, 403, 422):
            raise CredentialsRefused
        token = _json(answer)["access_token"]
        self._http.cookies.clear()
        self._http.headers["authorization"] = f"Bearer {token}"

    async def _demo_account(self) -> Credentials:
        accounts = _json(await self._patiently("GET", "/instance")).get("demo_accounts") or []
        if not accounts:
            raise SignInNeeded
        return Credentials(email=accounts[0]["email"], password=accounts[0]["password"])

    async def _call(self, method: str, path: str, **request: Any) -> Any:
        """One request, signed in anew once when the session has run out."""
        answer = await self._patiently(method, path, **request)
        if answer.status_code == 401 and self._credentials.api_key is None:
            await self._sign_in()
            answer = await self._patiently(method, path, **request)
        if answer.status_code == 401:
            raise CredentialsRefused
        return _json(answer)

    async def _patiently(self, method: str, path: str, **request: Any) -> httpx2.Response:
        """Repeat while the server is away or asks for it, with growing, scattered waits. Raises ServerAway."""
        if "content" in request:
            request["headers"] = {"content-type": "application/json", **request.get("headers", {})}
        wait_s, until = FIRST_WAIT_S, time.monotonic() + self._patience_s
        while True:
            asked_s, trouble = 0.0, ""
            try:
                answer = await self._http.request(method, API + path, **request)
                if answer.status_code not in RETRIED:
                    return answer
                asked_s, trouble = _retry_after_s(answer), f"it answers {answer.status_code}"
            except httpx2.TransportError as error:
                trouble = str(error) or type(error).__name__
            pause_s = max(asked_s, wait_s * (0.5 + self._chance()))
            if time.monotonic() + pause_s > until:
                raise ServerAway(f"Motorpool does not answer at {self.url}: {trouble}.")
            await self._sleep(pause_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)


def _json(answer: httpx2.Response) -> Any:
    """The JSON of a good answer (None when it is empty). Raises Refused with the server's own sentence."""
    try:
        content = msgspec.json.decode(answer.content) if answer.content else None
    except msgspec.DecodeError:
        raise Refused(f"This address answered {answer.status_code} and not as Motorpool does.") from None
    if answer.is_success:
        return content
    problem = content if isinstance(content, dict) else {}
    sentence = problem.get("detail") or problem.get("title") or "Motorpool refused the request."
    raise Refused(f"{sentence} ({answer.status_code} {problem.get('code', '')})".replace(" )", ")"))


def _retry_after_s(answer: httpx2.Response) -> float:
    """The wait the server asks for, at most a minute."""
    asked = answer.headers.get("retry-after", "")
    return min(float(asked), 60.0) if asked.isdigit() else 0.0


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressInvalid
    return url.rstrip("/")
