"""Reporting: the screens and commands that build the reports."""
