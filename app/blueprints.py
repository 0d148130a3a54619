"""The explicit list of blueprints and the URL prefix of each. Add one import and one line per slice."""

from __future__ import annotations

from flask import Blueprint

PAGES: tuple[tuple[Blueprint, str], ...] = ()
"""Blueprints of screens: (blueprint, URL prefix)."""
