"""Backups of the bundled database: made while it serves, proven by restoring them, restored to any second since."""
