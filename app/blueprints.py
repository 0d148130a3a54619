"""The explicit list of blueprints and the URL prefix of each. Add one import and one line per slice."""

from __future__ import annotations

from flask import Blueprint

from app.web.api import ApiBlueprint

PAGES: tuple[tuple[Blueprint, str], ...] = ()
"""Blueprints of screens: (blueprint, URL prefix)."""

API: tuple[ApiBlueprint, ...] = ()
"""Blueprints of the JSON API; each brings the prefix /api/v1 itself."""
