"""Debian's Chromium under Playwright, as tests and pictures use it: WebGL in software, no calls home."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser for the length of a block."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


async def context(browser: Browser, width: str = "desktop", theme: str = "light") -> BrowserContext:
    """A person's browser: `desktop` or `phone`, `light` or `dark`."""
    wide, high = WIDTHS[width]
    dark = theme == "dark"
    return await browser.new_context(
        viewport={"width": wide, "height": high},
        color_scheme="dark" if dark else "light",
        has_touch=width == "phone",
        reduced_motion="reduce",
    )


async def sign_in(page: Page, address: str, email: str, password: str) -> None:
    """Sign in as a person would, and wait for the first page."""
    await page.goto(address)
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.wait_for_url("**/live**")
