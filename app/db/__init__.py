"""SQLAlchemy plumbing: the declarative base, columns, sessions and units of work, the bundled PostgreSQL."""
