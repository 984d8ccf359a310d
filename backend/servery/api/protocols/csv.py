"""CSV in, CSV out: the rows of the body come back with their predictions, as from a batch job.

A row that does not fit comes back with the reason. For spreadsheets, which only ask with GET, a
setting allows inputs in the query; the answer is then the prediction alone.
"""

import io

from servery.api.problems import Refusal
from servery.api.protocols.answers import WARNINGS
from servery.api.protocols.protocol import Protocol, Reply, Request
from servery.api.protocols.tables import CSV, cell_readers, opened_table
from servery.batch.summary import Summary
from servery.errors import NotFound
from servery.tables.cells import plain_text
from servery.tables.formulas import neutral

#: How many rows do not fit.
FAULTS = "Servery-Faulty-Rows"
UTF8_CSV = f"{CSV}; charset=utf-8"


def refuse(refusal: Refusal) -> Reply:
    """Answer with the reason as text, which a shell and a spreadsheet show."""
    text = f"{refusal.sentence}\n".encode()
    return Reply(text, refusal.status, "text/plain; charset=utf-8")


PROTOCOL = Protocol(refuse)


@PROTOCOL.post(r"/csv/(?P<name>[^/]+)", options=None)
def score(request: Request, name: str) -> Reply:
    """Return the rows of a table with their predictions."""
    model = request.model(name)
    summary, file = Summary(), io.BytesIO()
    with opened_table(request, model) as batch:
        work = batch.chunk_scorer("csv")
        with work.sink(file) as sink:
            for chunk in batch.table.chunks():
                part = work(chunk)
                summary.merge(part.summary)
                request.check_count(summary.rows)
                sink.write(part.rendered)
    counts = ((WARNINGS, summary.warned_rows), (FAULTS, summary.bad_rows))
    headers = [(header, str(count)) for header, count in counts if count]
    return Reply(file.getvalue(), media=UTF8_CSV, headers=headers)


@PROTOCOL.get(r"/csv/(?P<name>[^/]+)", options=None)
def predict(request: Request, name: str) -> Reply:
    """Predict the instance in the query, for WEBSERVICE and IMPORTDATA."""
    if request.services.settings.spreadsheets != "yes":
        raise NotFound("GET is off. The administrator can set SERVERY_SPREADSHEETS=yes.")
    model = request.model(name)
    readers = cell_readers(model)
    row = {name: readers[name](text) for name, text in request.options(model.signature.names)}
    answers = request.answers(model, [row], lambda _: "#/inputs")
    [prediction] = answers.predictions()
    text = neutral(plain_text(prediction))
    quoted = '"' + text.replace('"', '""') + '"' if {*text} & {*'",\n'} else text
    return Reply(quoted.encode(), media=UTF8_CSV, headers=answers.headers())
