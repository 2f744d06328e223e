"""Somebody who sends positions and reads lists all the time, and remembers what was answered."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx2

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=12)
DEVICES = 5


def row(number: int, prefix: str = "loaded") -> dict[str, object]:
    """The position of a running number; each has a second of its own."""
    return {
        "device": f"{prefix}-{number % DEVICES}",
        "at": (START + timedelta(seconds=number)).isoformat(),
        "lat": 47.0 + number * 1e-5,
        "lon": 9.0,
        "sensors": {"number": number},
    }


class Load(threading.Thread):
    """Batches of new rows one after another; one that was not answered is sent again, as a device would.

    `statuses` counts all answers, `strange` holds those that are neither good nor a proper 503 or 507, `broken` how often
    there was no answer at all.
    """

    def __init__(self, client: httpx2.Client, rows: int = 20) -> None:
        super().__init__(daemon=True)
        self.client, self.rows = client, rows
        self.acknowledged: set[int] = set()
        self.statuses: Counter[int] = Counter()
        self.strange: list[str] = []
        self.broken = 0
        self.ending = threading.Event()

    def run(self) -> None:
        """Send and read until told to end."""
        first = 0
        while not self.ending.is_set():
            batch = list(range(first, first + self.rows))
            answer = self._ask("POST", "/telemetry", {"positions": [row(number) for number in batch]})
            if answer is not None and answer.status_code == 200:
                told = answer.json()
                if told["accepted"] + told["duplicates"] != self.rows:
                    self.strange.append(answer.text)
                self.acknowledged.update(batch)
                first += self.rows
            self._ask("GET", "/vehicles", None)
            time.sleep(0.01)

    def _ask(self, method: str, path: str, body: object) -> httpx2.Response | None:
        try:
            answer = self.client.request(method, path, json=body)
        except httpx2.TransportError:
            self.broken += 1
            time.sleep(0.05)
            return None
        self.statuses[answer.status_code] += 1
        proper = answer.headers.get("content-type") == "application/problem+json" and "retry-after" in answer.headers
        if answer.status_code != 200 and not (answer.status_code in (503, 507) and proper):
            self.strange.append(f"{answer.status_code} {answer.text}")
        return answer

    def wait_for_more(self, rows: int = 60, limit_s: float = 60.0) -> None:
        """Return when so many more rows were acknowledged; the limit says "never"."""
        wanted, deadline = len(self.acknowledged) + rows, time.monotonic() + limit_s
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < deadline, (self.statuses, self.broken, self.strange[:3])
            time.sleep(0.02)


@contextmanager
def load(client: httpx2.Client) -> Iterator[Load]:
    """Load for the length of a block."""
    sending = Load(client)
    sending.start()
    try:
        yield sending
    finally:
        sending.ending.set()
        sending.join()


def stored(client: httpx2.Client) -> list[int]:
    """The numbers of all rows that are in the database."""
    found: list[int] = []
    for vehicle in client.get("/vehicles", params={"q": "loaded"}).json()["data"]:
        cursor: str | None = ""
        while cursor is not None:
            params = {"limit": 5000, **({"cursor": cursor} if cursor else {})}
            page = client.get(f"/vehicles/{vehicle['id']}/positions", params=params).json()
            found += [one["sensors"]["number"] for one in page["data"]]
            cursor = page["page"]["next"]
    return found
