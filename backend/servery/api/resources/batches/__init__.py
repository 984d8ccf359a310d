"""Batch jobs: a table is uploaded, scored by a job worker, and downloaded."""

from servery.api.registry import Resource, register
from servery.api.resources.batches.described import describe
from servery.api.resources.batches.facts import JobFacts
from servery.api.resources.batches.routes import bp
from servery.batch.evaluating.measured import TableEvaluation
from servery.lanes import BATCHES

SCHEMAS = (JobFacts, TableEvaluation)
register(Resource("batches", "batches", bp, describe, schemas=SCHEMAS, lane=BATCHES))
