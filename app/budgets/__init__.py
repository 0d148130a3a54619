"""Budgets: what a contract allows by heading, as approved and as varied."""
