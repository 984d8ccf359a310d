"""Models with many inputs, as tables of measurements have them."""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from servery.publishing import publish

WIDE, GROUPED = 300, 14
GROUPS = {"v0": "Vitals", "v2": "Vitals", "v7": "Blood", "v10": "Blood", "v11": "Blood"}


def publish_wide(root: Path) -> None:
    """Publish `wide`, with 300 inputs and measured rows, and `grouped`, with 14 and a card."""
    chance, rows = np.random.default_rng(0), 400
    names = [f"v{at}" for at in range(WIDE)]
    table = pd.DataFrame(chance.normal(size=(rows, WIDE)).round(2), columns=names)
    sick = np.where(table["v7"] + 2 * table["v120"] > 0, "sick", "well")
    for name, count in (("wide", WIDE), ("grouped", GROUPED)):
        some = table[names[:count]]
        model = make_pipeline(StandardScaler(), LogisticRegression()).fit(some[100:], sick[100:])
        publish(
            model,
            some[100:],
            sick[100:],
            X_test=some[:100],
            y_test=sick[:100],
            name=name,
            root=root,
        )
    card = root / "grouped" / "card.toml"
    text = card.read_text()
    for name, group in GROUPS.items():
        text = text.replace(f"[inputs.{name}]\n", f'[inputs.{name}]\ngroup = "{group}"\n')
    card.write_text(text)
