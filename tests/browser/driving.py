"""What browser tests do over and over: sign in, look for barriers, measure."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

PASSWORD = "river-bank-meadow-2026"
"""The password of every person in browser tests; builders set it."""

WIDTHS = (320, 1280)
SCHEMES = ("light", "dark")


def sign_in(page: Page, base: str, email: str, password: str = PASSWORD) -> None:
    """Sign in as a person would; ends on their first page."""
    page.goto(f"{base}/sign-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def barriers(page: Page) -> list[str]:
    """What axe finds on the page, contrast included: one line per rule and element; empty is the only good answer.

    The script is put into a page once, and only what is wrong comes back: pages with long tables are looked at often.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(
        """async () => {
          const {violations} = await axe.run(document, {resultTypes: ['violations'], iframes: false});
          return violations.flatMap(v => v.nodes.map(n => `${v.id}: ${v.help} at ${n.target}`));
        }"""
    )
    return found


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window: anything above 0 scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def focus_stops(page: Page, most: int = 200) -> list[dict[str, object]]:
    """Every stop of the Tab key from the top: its tag and text, whether its ring shows, and whether a bar covers it."""
    stops: list[dict[str, object]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
              const e = document.activeElement;
              if (!e || e === document.body) return null;
              const shown = e.matches('.chips input, .govuk-radios__input, .govuk-checkboxes__input')
                ? (e.nextElementSibling || e) : e;
              const rings = [getComputedStyle(shown), getComputedStyle(shown, '::before')];
              const box = shown.getBoundingClientRect();
              const bar = document.querySelector('.selbar');
              const over = bar && !bar.contains(e) ? bar.getBoundingClientRect() : null;
              return {
                what: `${e.tagName} ${(e.textContent || e.getAttribute('aria-label') || e.name).trim().slice(0, 40)}`,
                ring: rings.some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2),
                covered: !!over && box.top >= over.top && box.bottom <= over.bottom,
              };
            }"""
        )
        if stop is None:
            break
        stops.append(stop)
    return stops


def choose_language(page: Page, code: str) -> None:
    """Change the language of the page by its own buttons; ends on the same page."""
    page.locator(f".langs button[value='{code}']").first.click()
    page.wait_for_load_state()
