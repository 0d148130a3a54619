"""Months of a book: closing checks, exceptions, revaluation, sealing and its pack."""
