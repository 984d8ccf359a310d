"""Batch jobs: tables that are scored while nobody waits, and what came of each.

An upload becomes a record in the database and a folder of files. A worker process looks at it,
scores it chunk by chunk, and writes down after each chunk how far its files are whole, so that
whoever goes on after a crash goes on from there. Nothing here knows of HTTP.
"""

from servery.jobs.database import Jobs, require_usable
from servery.jobs.files import Files
from servery.jobs.records import Asked, Job, Order, Problem, Status

__all__ = ["Asked", "Files", "Job", "Jobs", "Order", "Problem", "Status", "require_usable"]
