"""Columns cut into bins."""

from servery.estimators.registry import Family, Part, register
from servery.estimators.tracking import MIXED, TrackedColumns, unchanged


def _track_bins(part: Part, columns: TrackedColumns) -> TrackedColumns:
    for column, edges in unchanged(columns, part.bin_edges_):
        column.approximate_range = (float(edges[0]), float(edges[-1]))
    return MIXED


register(Family("sklearn.preprocessing: KBinsDiscretizer", track=_track_bins))
