"""Spending returns: what a contract was spent on, imported from a file of the institution's own finance system."""
