"""`python -m app` is the `hetao` command."""

from app.cli import main

main()
