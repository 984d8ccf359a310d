"""One more of each kind, added from outside the package, as docs/extending.md explains."""
