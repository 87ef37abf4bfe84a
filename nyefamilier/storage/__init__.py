"""The database: the declarative base, column types, the unit of work, the embedded server."""
