"""What every request passes, whatever it asks for: refusals, the fast path, reading of bodies."""

#: Platforms call these by an address or a name of their own; the answers show only the state.
HEALTH_PATHS = frozenset(["/livez", "/readyz"])
