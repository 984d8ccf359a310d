"""Batch jobs: tables that are scored while nobody waits, and what came of each.

An upload becomes a record in the database and a folder of files. A worker process looks at it,
scores it chunk by chunk, and writes down after each chunk how far its files are whole, so that
whoever goes on after a crash goes on from there. Nothing here knows of HTTP.

This file imports nothing, as the process that waits for work (`supervising`) has to stay small.
"""
