"""The explicit list of ORM modules: importing this makes `Base.metadata` complete, for migrations and the mapper."""

from app.db.base import Base

metadata = Base.metadata
