"""Batch jobs: an uploaded table in, the scored table out, in the background.

An upload becomes a record in the database and a folder of files. A job worker inspects it, scores
it chunk by chunk, and records after each chunk how far its files are complete, so that another
worker can continue after a crash. Nothing here knows of HTTP.

This file imports nothing, because the process that waits for work (`supervising`) must stay small.
"""
