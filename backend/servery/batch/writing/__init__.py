"""What comes of tables: cells of a result, and the files that they are written to."""
