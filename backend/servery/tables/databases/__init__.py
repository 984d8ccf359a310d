"""Databases: queries that are read as tables, files of SQLite, and tables that results go to."""
