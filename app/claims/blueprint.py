"""The blueprint of the slice's screens; `routes` and `office_routes` hang their views on it."""

from flask import Blueprint

pages = Blueprint("claims", __name__)
