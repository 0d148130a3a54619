"""The entry point of WSGI servers: `gunicorn wsgi:app`."""

from app.application import create_app

app = create_app()
