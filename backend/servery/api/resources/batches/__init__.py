"""Batch jobs: a table is taken, scored by a worker, and given back."""
