"""Journals: entries by form, with evidence and a second person."""
