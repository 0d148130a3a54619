"""Statements: the life of a report that an institution signs, and the public page that checks one."""
