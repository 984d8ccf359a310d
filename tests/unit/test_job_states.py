"""The life of a job: what may happen in each state, and that the database does just that."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import text

from servery.errors import WrongJobState
from servery.jobs.records import Job, Problem
from servery.jobs.states import (
    ENDED,
    OPEN,
    TRANSITIONS,
    Event,
    ImpossibleEvent,
    Status,
    needs_work,
    transition,
)
from servery.jobs.store import JobStore
from tests.unit.test_jobs import EXPIRY_S, OPTIONS, asked, inspection, progress

STATUSES: tuple[Status, ...] = get_args(Status)
EVENTS: tuple[Event, ...] = get_args(Event)
STORED = tuple(status for status in STATUSES if status != "cancelled")
PROBLEM = Problem(kind="TableUnreadable", detail="It is cut short.")
CREATED, NOW = 1_000.0, 2_000.0

#: What each event is called by on the store, for a job that "mine" has.
ACTS: dict[Event, Callable[[JobStore, Job], object]] = {
    "change": lambda jobs, job: jobs.change(job.id, OPTIONS, is_started=False, now=NOW),
    "start": lambda jobs, job: jobs.change(job.id, OPTIONS, is_started=True, now=NOW),
    "take": lambda jobs, _job: jobs.take(
        "/models", "mine", most=1, now=NOW, lease_s=10.0, is_dead=lambda _name: False
    ),
    "inspect": lambda jobs, job: jobs.record_inspection(job, inspection(), NOW),
    "question": lambda jobs, job: jobs.record_inspection(job, inspection(PROBLEM), NOW),
    "advance": lambda jobs, job: jobs.advance(job, progress(1), NOW),
    "finish": lambda jobs, job: jobs.finish(job, NOW),
    "fail": lambda jobs, job: jobs.fail(job, PROBLEM, NOW),
    "restart": lambda jobs, job: jobs.restart(job, PROBLEM, NOW),
    "postpone": lambda jobs, job: jobs.postpone(job, PROBLEM, NOW, NOW + 5.0),
    "release": lambda jobs, job: jobs.release(job, NOW),
}
AFTER: dict[str, float | None] = {
    "as before": 9_000.0,
    "later": NOW + EXPIRY_S,
    "later at most": 9_000.0,
    "never": None,
}


@pytest.fixture
def jobs(url: str | None, tmp_path: Path) -> Iterator[JobStore]:
    opened = JobStore(url, tmp_path, EXPIRY_S)
    for each in opened.ids():
        opened.delete(each)
    yield opened
    opened.close()


def put(jobs: JobStore, status: Status, *, is_inspected: bool = False) -> Job:
    """Add a job in a state, held by "mine"."""
    jobs.add(asked("a"), CREATED)
    statement = (
        "UPDATE servery_jobs SET status = :status, is_inspected = :is_inspected, "
        "expires = 9000, worker = 'mine', lease = 2010"
    )
    with jobs._database.changing() as connection:
        connection.execute(text(statement), {"status": status, "is_inspected": is_inspected})
    return jobs.get("a", NOW)


def is_possible(event: Event, status: Status) -> bool:
    return any(each.event == event and status in each.sources for each in TRANSITIONS)


def test_an_event_has_one_outcome_in_a_state() -> None:
    pairs = [(each.event, source) for each in TRANSITIONS for source in each.sources]
    assert len(pairs) == len(set(pairs))
    assert {event for event, _ in pairs} == set(EVENTS)


@pytest.mark.parametrize(("event", "status"), list(product(EVENTS, STATUSES)))
def test_what_is_not_in_the_table_cannot_happen(event: Event, status: Status) -> None:
    if is_possible(event, status):
        step = transition(event, status)
        assert step.event == event
        assert status in step.sources
    else:
        with pytest.raises(ImpossibleEvent):
            transition(event, status)


def test_nothing_happens_to_a_job_that_has_ended() -> None:
    assert not any(is_possible(event, status) for event, status in product(EVENTS, ENDED))
    assert set(OPEN) | ENDED == set(STATUSES)


def test_a_job_that_nobody_works_on_expires_and_one_that_is_scored_does_not() -> None:
    for step in TRANSITIONS:
        for status in [step.target] if step.target else step.sources:
            expires = step.expires(None, NOW, EXPIRY_S)
            if status not in ("queued", "running") and step.event not in ("take", "release"):
                assert expires == NOW + EXPIRY_S, step
            if step.event in ("start", "advance"):
                assert step.expires(9_000.0, NOW, EXPIRY_S) is None


def test_only_a_job_that_is_inspected_or_scored_is_held() -> None:
    held = {step.event for step in TRANSITIONS if step.is_held}
    assert held == {"take", "inspect", "advance"}
    for step in TRANSITIONS:
        if step.is_held and step.event != "take":
            assert {step.target} <= {None, "running"}
            assert set(step.sources) == {"queued", "running"}


def test_each_state_leads_to_an_end() -> None:
    ways = {(source, step.target) for step in TRANSITIONS if step.target for source in step.sources}
    for status in OPEN:
        reached = {status}
        while new := {end for start, end in ways if start in reached} - reached:
            reached |= new
        assert {"done", "failed"} <= reached


@pytest.mark.parametrize(("event", "status"), list(product(EVENTS, STORED)))
def test_the_database_does_what_the_table_says(
    jobs: JobStore, event: Event, status: Status
) -> None:
    before = put(jobs, status)
    if not is_possible(event, status):
        if event == "take":  # which passes over what nobody has to work on
            assert ACTS[event](jobs, before) == []
        else:
            with pytest.raises((ImpossibleEvent, WrongJobState)):
                ACTS[event](jobs, before)
        assert jobs.get("a", NOW) == before
        return
    step = transition(event, status)
    ACTS[event](jobs, before)
    after = jobs.get("a", NOW)
    assert after.status == (step.target or status)
    assert after.worker == ("mine" if step.is_held else None)
    assert after.expires == AFTER[step.expiry]


@pytest.mark.parametrize(
    "event", sorted({step.event for step in TRANSITIONS if step.actor == "holder"})
)
def test_a_worker_changes_nothing_of_a_job_that_another_one_has(
    jobs: JobStore, event: Event
) -> None:
    before = put(jobs, "queued")
    [taken] = jobs.take(
        "/models", "other", most=1, now=NOW, lease_s=10.0, is_dead=lambda name: name == "mine"
    )
    assert not ACTS[event](jobs, before)
    assert jobs.get("a", NOW) == taken


@pytest.mark.parametrize(("status", "is_inspected"), list(product(STORED, [False, True])))
def test_the_database_finds_work_where_the_states_say(
    jobs: JobStore, status: Status, is_inspected: bool
) -> None:
    put(jobs, status, is_inspected=is_inspected)
    assert jobs.has_work("/models", NOW) is needs_work(status, is_inspected=is_inspected)
    assert not jobs.has_work("/others", NOW)
    assert not jobs.has_work("/models", 9_001.0)
