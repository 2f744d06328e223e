"""Pictures of every page at both widths and in both themes, into `screens/`, to be looked at before anything is called done.

Runs a demo of its own on free ports in a temporary folder, lets it drive for a while, and opens every page.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.async_api import Browser, Page

from motorpool.demo.companies import COMPANIES, PASSWORD
from tools.browser import WIDTHS, chromium, context, sign_in

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "screens"
SETTLE_MS = 6_000


def main() -> None:
    """Make all pictures."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        environment = {
            **os.environ,
            "MOTORPOOL_DEMO": "1",
            "MOTORPOOL_DATA_DIR": folder,
            "MOTORPOOL_PORT": str(port),
            "MOTORPOOL_OSMAND_PORT": str(_free_port()),
            "MOTORPOOL_TELTONIKA_PORT": str(_free_port()),
        }
        with subprocess.Popen([sys.executable, "-m", "motorpool.apps.cli", "up"], env=environment) as running:
            try:
                _await_ready(f"http://127.0.0.1:{port}")
                print("» letting the fleet drive for half a minute", flush=True)
                time.sleep(30)
                asyncio.run(_pictures(f"http://127.0.0.1:{port}"))
            finally:
                running.terminate()
                running.wait()
    print(f"{len(list(OUT.iterdir()))} pictures in {OUT}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _await_ready(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit("Motorpool did not become ready.")


async def _pictures(address: str) -> None:
    async with chromium() as browser:
        for width in WIDTHS:
            for theme in ("light", "dark"):
                await _tour(browser, address, width, theme)


async def _tour(browser: Browser, address: str, width: str, theme: str) -> None:
    person = await context(browser, width, theme)
    page = await person.new_page()
    page.on("pageerror", lambda error: print(f"error on {page.url}: {error}"))
    await page.goto(address)
    await page.get_by_label("E-mail").wait_for()
    await _picture(page, width, theme, "sign-in")
    await sign_in(page, address, COMPANIES[0].admin_email, PASSWORD)
    await page.wait_for_timeout(SETTLE_MS)
    await _picture(page, width, theme, "live")
    for name in ("vehicles", "devices", "settings"):
        await page.goto(f"{address}/{name}")
        await page.wait_for_timeout(SETTLE_MS // 2)
        await _picture(page, width, theme, name)
    await page.goto(f"{address}/vehicles?q=bus")
    await page.get_by_text("Bus 01").first.click()
    await page.wait_for_timeout(SETTLE_MS)
    await _picture(page, width, theme, "vehicle")
    await person.close()


async def _picture(page: Page, width: str, theme: str, name: str) -> None:
    await page.screenshot(path=OUT / f"{name}-{width}-{theme}.png")
    print(f"  {name}, {width}, {theme}", flush=True)


if __name__ == "__main__":
    main()
