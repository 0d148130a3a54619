"""The blueprint of the slice's screens; `routes` gathers the modules whose views stand on it."""

from flask import Blueprint

pages = Blueprint("disbursements", __name__)
