"""A threshold or a class that the caller chose for a table, instead of those of the card.

Both become part of the output that a table is scored with. So everything that depends on the
output, such as the columns of a result or its evaluation, follows without knowing of the choice.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import msgspec
import numpy as np

from servery.batch.options import Decision
from servery.errors import Fault, InvalidJobOptions, nearest, quoted
from servery.evaluation.answers import positive_class
from servery.inputs import Scalar
from servery.runtimes.columns import ColumnOutcomes
from servery.signature import ClassificationOutput, ClassOutput, Output, Threshold

#: Without a threshold on the card, the more probable of two classes is predicted.
EVEN = 0.5
#: Digits of a threshold that is computed as 1 minus another one.
DIGITS = 12


class UsedThreshold(msgspec.Struct, frozen=True, kw_only=True):
    """The threshold that predictions were made with, and that of the card for the same class."""

    class_: Scalar = msgspec.field(name="class")
    value: float
    card: float


class DecidedOutput(ClassificationOutput, frozen=True, kw_only=True, tag="classification"):
    """The output of a classifier for which the caller chose something.

    Attributes
    ----------
    reported
        The only class whose probability is returned; None for all.
    is_other_class
        Whether the positive class differs from that of the card.
    card_threshold
        The threshold of the card for the positive class; None if it is used.
    """

    reported: Scalar | None = None
    is_other_class: bool = False
    card_threshold: float | None = None

    def decided(self, outcomes: ColumnOutcomes) -> ColumnOutcomes:
        """Return outcomes with the classes that the chosen threshold gives."""
        if self.card_threshold is None or self.threshold is None:
            return outcomes
        place = positive_class(self)
        reaches = np.asarray(outcomes.probabilities)[:, place] >= self.threshold.value
        return replace(outcomes, classes=np.where(reaches, place, 1 - place))


def decided_output(output: Output, decision: Decision) -> Output:
    """Return the output of a model, changed by a decision.

    Raises
    ------
    InvalidJobOptions
        Names each choice that does not fit.
    """
    if decision.is_as_on_card:
        return output
    faults = list(_faults(output, decision))
    if faults or not isinstance(output, ClassificationOutput):
        raise InvalidJobOptions(faults)
    reported = None if decision.class_ is None else output.outcome(decision.class_)
    fields = {name: getattr(output, name) for name in output.__struct_fields__}
    if len(output.classes) != 2:
        return DecidedOutput(**fields, reported=reported)
    card_class = output.classes[positive_class(output)].value
    positive = card_class if reported is None else reported
    card = _card_threshold(output, positive)
    value = card if decision.threshold is None else decision.threshold
    fields["threshold"] = Threshold(positive, value)
    card_threshold = None if value == card else card
    return DecidedOutput(
        **fields,
        reported=reported,
        is_other_class=positive != card_class,
        card_threshold=card_threshold,
    )


def _card_threshold(output: ClassificationOutput, positive: Scalar) -> float:
    if output.threshold is None:
        return EVEN
    value = output.threshold.value
    return value if output.threshold.class_ == positive else round(1.0 - value, DIGITS)


def _faults(output: Output, decision: Decision) -> Iterator[Fault]:
    fault = partial(Fault, None)
    if not (isinstance(output, ClassificationOutput) and output.probabilities):
        detail = "Leave out the {}: the model does not predict probabilities."
        if decision.threshold is not None:
            yield fault("#/threshold", "not-a-threshold", detail.format("threshold"))
        if decision.class_ is not None:
            yield fault("#/class", "unknown-class", detail.format("class"))
        return
    if decision.threshold is not None:
        if len(output.classes) != 2:
            detail = (
                f"Leave out the threshold: the model has {len(output.classes):,} classes, and a "
                "threshold needs two. Choose a class to report only its probability."
            )
            yield fault("#/threshold", "not-a-threshold", detail)
        elif not 0.0 <= decision.threshold <= 1.0:
            detail = f"Expected a threshold from 0 to 1, found {decision.threshold:g}."
            yield fault("#/threshold", "not-a-threshold", detail)
    if decision.class_ is not None and output.outcome(decision.class_) is None:
        names = [str(each.value) for each in output.classes]
        text = str(decision.class_)
        detail = (
            f"Expected one of the classes {', '.join(map(quoted, names[:8]))}, found "
            f"{quoted(text)}.{nearest(text, names)}"
        )
        yield fault("#/class", "unknown-class", detail)


def used_threshold(output: Output | ClassOutput) -> UsedThreshold | None:
    """Return the threshold of an output, if it differs from that of the card."""
    if not isinstance(output, DecidedOutput) or output.threshold is None:
        return None
    if output.card_threshold is None:
        return None
    return UsedThreshold(
        class_=output.threshold.class_, value=output.threshold.value, card=output.card_threshold
    )


def threshold_text(used: UsedThreshold) -> str:
    """Say which threshold was used, in a sentence."""
    return (
        f"{used.class_} is predicted at a probability of {used.value:g} or more; the model card "
        f"uses {used.card:g}."
    )


def reported_classes(output: ClassOutput) -> list[int]:
    """Return the positions of the classes whose probabilities are returned."""
    values = [each.value for each in output.classes]
    if not isinstance(output, DecidedOutput) or output.reported is None:
        return list(range(len(values)))
    return [values.index(output.reported)]
