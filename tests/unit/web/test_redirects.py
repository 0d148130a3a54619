"""People are sent on only within this site."""

import pytest

from app.web.redirects import safe_next


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/%2F/evil.example",
        "/%5Cevil.example",
        "/%255Cevil.example",
        "/%0d%0aSet-Cookie:x",
        "///evil.example",
        "evil",
        "",
        None,
        "/\u202egnp",
        "/" + "a" * 3000,
        "http:evil",
        "/\tevil",
    ],
)
def test_foreign_targets_are_replaced(target: str | None) -> None:
    assert safe_next(target, "/home") == "/home"


@pytest.mark.parametrize("target", ["/", "/disbursements/DSB-2026-00001?tab=history#events", "/contracts?page=2"])
def test_own_pages_are_kept(target: str) -> None:
    assert safe_next(target) == target
