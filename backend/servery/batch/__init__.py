"""Many rows at once: a table in, the same table with its predictions out.

One streaming pipeline: a chunk of rows is read, its columns are parsed by the signature, the model
is asked for all that fit, and the rows are written in their order. Memory is bounded by the chunk.
"""

from servery.batch.pipeline import Batch, Part, Work, open_batch, parts, run
from servery.batch.reading import Format, Limits, Reading
from servery.batch.reading.opening import format_of, open_table
from servery.batch.reading.tables import Chunk
from servery.batch.summary import Spread, Summary
from servery.batch.writing.sinks import ErrorRows, appearing, sink_of

__all__ = [
    "Batch",
    "Chunk",
    "ErrorRows",
    "Format",
    "Limits",
    "Part",
    "Reading",
    "Spread",
    "Summary",
    "Work",
    "appearing",
    "format_of",
    "open_batch",
    "open_table",
    "parts",
    "run",
    "sink_of",
]
