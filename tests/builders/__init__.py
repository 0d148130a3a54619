"""Builders: the shortest way to a valid record of each kind, through the services."""
