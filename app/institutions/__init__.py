"""Legal bodies on either side, their identifiers and their bank accounts, verified by a second person."""
