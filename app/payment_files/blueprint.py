"""The blueprint of the slice's screens; `routes` gathers the modules whose views stand on it."""

from flask import Blueprint

pages = Blueprint("payment_files", __name__)
