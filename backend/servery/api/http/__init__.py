"""What every request passes, whatever it asks for: refusals, the fast path, reading of bodies."""
