"""What may stand in a URL: `<reference:reference>` for a human reference, `<uuid:key>` for an id (Werkzeug's own)."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter


class ReferenceConverter(BaseConverter):
    """A reference such as `DSB-2026-00042`; anything else is not found."""

    regex = "[A-Z]{1,5}-[0-9]{4}-[0-9]{4,9}"


def register(app: Flask) -> None:
    """Make the converters known; call it before any blueprint is registered."""
    app.url_map.converters["reference"] = ReferenceConverter
