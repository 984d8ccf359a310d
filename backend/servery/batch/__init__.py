"""Many rows at once: a table in, the same table with its predictions out.

One streaming pipeline: a chunk of rows is read, its columns are parsed by the signature, the model
is asked for all that fit, and the rows are written in their order. Memory is bounded by the chunk.
"""
