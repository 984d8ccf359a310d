"""Tables: one module for each format, and the one way to read and to write all of them."""
