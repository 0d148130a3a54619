"""The icons: drawings of our own on a 16 by 16 grid, inlined so that no page asks for a picture."""

from __future__ import annotations

from markupsafe import Markup, escape

_CIRCLE = '<circle cx="8" cy="8" r="6"/>'
_TRIANGLE = '<path d="M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.8v.1"/>'
_OCTAGON = '<path d="M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3z"/>'

DRAWINGS: dict[str, str] = {
    # Statuses: the circle fills as the money moves.
    "draft": '<circle cx="8" cy="8" r="6" stroke-dasharray="2.4 2.3"/>',
    "submitted": _CIRCLE + '<path class="f" d="M8 2a6 6 0 0 0 0 12z"/>',
    "approved": _CIRCLE + '<path d="m5.3 8.2 1.9 1.9 3.6-4"/>',
    "released": _CIRCLE + '<path d="M5 8h5.6M8.4 5.6 10.8 8l-2.4 2.4"/>',
    "settled": '<circle class="f" cx="8" cy="8" r="6.8"/><path class="k" d="m5.2 8.2 2 2 3.7-4.2"/>',
    "returned": '<path d="M6 3.5 3 6.5l3 3M3.3 6.5H10a3.2 3.2 0 0 1 0 6.5H7"/>',
    "refused": _OCTAGON + '<path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4"/>',
    "bounced": _TRIANGLE,
    "cancelled": _CIRCLE + '<path d="m3.8 12.2 8.4-8.4"/>',
    "paused": _CIRCLE + '<path d="M6.4 5.8v4.4M9.6 5.8v4.4"/>',
    # Checks.
    "tick": '<path d="m3 8.5 3.3 3.3L13 4.5"/>',
    "care": _TRIANGLE,
    "stop": _OCTAGON + '<path d="M8 4.8v3.8M8 11v.1"/>',
    # Things.
    "inbox": '<path d="M2 9.5 4 3h8l2 6.5V13H2zM2 9.5h3.6c.2 1.3 1.1 2 2.4 2s2.2-.7 2.4-2H14"/>',
    "down": '<path d="m4 6 4 4 4-4"/>',
    "back": '<path d="M9.5 4 5.5 8l4 4"/>',
    "forward": '<path d="m6.5 4 4 4-4 4"/>',
    "clock": _CIRCLE + '<path d="M8 4.5V8l2.3 1.6"/>',
    "person": '<circle cx="8" cy="5.4" r="2.8"/><path d="M2.8 14c.4-3 2.4-4.4 5.2-4.4s4.8 1.4 5.2 4.4"/>',
    "lock": '<path d="M3.5 7.2h9V14h-9zM5.3 7V5a2.7 2.7 0 0 1 5.4 0v2"/>',
    "key": '<circle cx="5" cy="8" r="2.8"/><path d="M7.8 8H14v2.4M11.5 8v1.8"/>',
    "exchange": '<path d="M1.8 5h10.4M10 2.6 12.4 5 10 7.4M14.2 11H3.8M6 8.6 3.6 11 6 13.4"/>',
    "document": '<path d="M4 1.8h5.4L12.5 5v9.2H4zM9.2 1.8V5h3.3M6 8.2h4.5M6 11h4.5"/>',
    "download": '<path d="M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11"/>',
    "plus": '<path d="M8 3v10M3 8h10"/>',
    "cross": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "search": '<circle cx="7" cy="7" r="4.4"/><path d="m10.4 10.4 3.4 3.4"/>',
    "about": _CIRCLE + '<path d="M8 7.2v3.6M8 5v.1"/>',
    "calendar": '<path d="M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3"/>',
    "bank": '<path d="M2 6.2 8 2.5l6 3.7zM3.5 6.5v6M6.5 6.5v6M9.5 6.5v6M12.5 6.5v6M2 13.5h12"/>',
    "flag": '<path d="M4 14V2.5h8l-2 3 2 3H4"/>',
}
"""Name of an icon -> what stands inside its `<svg>`."""


def icon(name: str, label: str = "", classes: str = "") -> Markup:
    """The named icon as inline SVG; hidden from screen readers unless it has a `label`. KeyError if unknown."""
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="ico {}" viewBox="0 0 16 16" {}>{}</svg>').format(
        escape(classes),
        spoken,
        Markup(DRAWINGS[name]),  # noqa: S704 - drawings stand in this file
    )
