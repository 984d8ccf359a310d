"""How well a model did on a table that has the true outcomes.

`records.py` keeps of each row what the figures need, a few numbers, chunk by chunk; `measured.py`
makes the figures of the card of them, and `page.py` a page that can be sent to somebody.
"""
