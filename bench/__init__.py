"""What is fast, measured against a floor in the same run: ``make bench``."""
