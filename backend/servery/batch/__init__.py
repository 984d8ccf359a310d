"""Many rows at once: a table in, the same table with its predictions out.

One streaming pipeline: a chunk of rows is read, its columns are parsed by the signature, the model
is asked for all that fit, and the rows are written in their order. Memory is bounded by the chunk.
"""

from servery.batch.pipeline import Batch, ChunkScorer, ScoredChunk, open_batch, parts, run
from servery.batch.summary import Spread, Summary

__all__ = [
    "Batch",
    "ChunkScorer",
    "ScoredChunk",
    "Spread",
    "Summary",
    "open_batch",
    "parts",
    "run",
]
