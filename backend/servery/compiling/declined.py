"""What a plan does not cover."""


class Declined(Exception):
    """A part, or a setting of it, that no step of a plan does; the text is its name."""
