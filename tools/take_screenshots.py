"""Take the pictures of the README from a running server with the demonstration loaded.

`python tools/take_screenshots.py http://localhost:8000` writes docs/screenshots/*.png, each below 250 KB.
"""

from __future__ import annotations

import argparse
import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "docs" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
MOST_BYTES = 250_000
COLOURS = 256
OFFICER = "li.jianhua@qtsf.example"
INVESTIGATOR = "ip.chi.hang@lru.example"
SPAN = "Hong Kong year, so far"


@dataclass(frozen=True, slots=True)
class View:
    """A window: its size in CSS pixels, how many real pixels stand for one, and its colour scheme."""

    width: int = 1280
    height: int = 900
    sharpness: float = 1.5
    scheme: str = "light"


DESK = View()
NIGHT = View(scheme="dark")
PHONE = View(width=390, height=844, sharpness=2)


class Camera:
    """A browser, and the server whose pages it takes."""

    def __init__(self, browser: Browser, base: str, password: str) -> None:
        """`base` is the server's address, `password` everybody's."""
        self.browser, self.base, self.password = browser, base, password

    def window(self, email: str, view: View = DESK) -> Page:
        """A window in which that person is signed in."""
        context = self.browser.new_context(
            viewport={"width": view.width, "height": view.height},
            device_scale_factor=view.sharpness,
            color_scheme=view.scheme,  # type: ignore[arg-type]
            locale="en-GB",
            timezone_id="Asia/Hong_Kong",
            accept_downloads=True,
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{self.base}/sign-in")
        page.locator("input[name=email]").fill(email)
        page.locator("input[name=password]").fill(self.password)
        page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def take(self, page: Page, name: str) -> None:
        """The window as it stands, without the focus ring of what was pressed last."""
        page.evaluate("document.activeElement && document.activeElement.blur()")
        keep(Image.open(io.BytesIO(page.screenshot())), name)


def keep(picture: Image.Image, name: str) -> None:
    """Write a picture with as many colours as fit into MOST_BYTES."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    colours = COLOURS
    while True:
        few = picture.convert("RGB").quantize(colors=colours, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES or colours <= 16:
            break
        colours //= 2
    print(f"{path.relative_to(PROJECT)} {path.stat().st_size // 1024} KB")


def queue(camera: Camera) -> None:
    """The officer's queue with everything clean selected."""
    page = camera.window(OFFICER)
    page.goto(f"{camera.base}/disbursements?view=to-check&select=clean")
    camera.take(page, "queue")


def disbursement(camera: Camera, view: View, name: str) -> None:
    """One disbursement that waits for the officer, and crosses the boundary."""
    page = camera.window(OFFICER, view)
    page.goto(f"{camera.base}/disbursements?view=to-check")
    page.locator("tbody tr:has(.tick):has(.side--HK) th a").first.click()
    page.wait_for_load_state()
    camera.take(page, name)


def left(camera: Camera) -> None:
    """What is left, on the principal investigator's phone."""
    page = camera.window(INVESTIGATOR, PHONE)
    page.goto(f"{camera.base}/contracts?status=ACTIVE")
    address = page.locator("tbody th a").first.get_attribute("href")
    page.goto(f"{camera.base}{address}/left")
    camera.take(page, "left-on-a-phone")


def statement(camera: Camera) -> None:
    """The first page of a Statement of Income and Expenditure, as it is printed."""
    page = camera.window(INVESTIGATOR)
    page.goto(f"{camera.base}/contracts")
    reference = page.locator("tbody tr:not(:has(.side--SZ)) th a").first.inner_text()
    page.goto(f"{camera.base}/reports/income-and-expenditure?contract={reference}")
    page.get_by_role("link", name=SPAN).click()
    page.wait_for_load_state()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download").click()
    document = pypdfium2.PdfDocument(Path(coming.value.path()).read_bytes())
    keep(document[0].render(scale=1.75).to_pil(), "statement")


def main() -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", nargs="?", default="http://localhost:8000", help="address of the server")
    parser.add_argument("--password", default="two-banks-one-river", help="the demonstration's password")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox"])
        camera = Camera(browser, given.base.rstrip("/"), given.password)
        queue(camera)
        disbursement(camera, DESK, "disbursement")
        disbursement(camera, NIGHT, "disbursement-dark")
        left(camera)
        statement(camera)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
