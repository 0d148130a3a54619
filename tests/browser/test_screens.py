"""The screens of the whole application, free of barriers at every width and in both colour schemes."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage, Served
from tests.browser.driving import SCHEMES, WIDTHS, barriers, overflow
from tests.browser.screens import OPEN_SCREENS


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", OPEN_SCREENS)
def test_no_open_screen_has_barriers(served: Served, open_page: OpenPage, path: str, width: int, scheme: str) -> None:
    page = open_page(width=width, scheme=scheme)
    page.goto(served.url + path)
    assert barriers(page) == []
    assert overflow(page) <= 0
