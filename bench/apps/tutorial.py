"""The income model as tutorials serve it: Flask, a one-row DataFrame, ``predict_proba``."""

from pathlib import Path

import joblib
import pandas as pd
from flask import Flask, Response, jsonify, request

MODEL = Path(__file__).resolve().parents[2] / "models" / "income" / "1" / "model.joblib"

model = joblib.load(MODEL)
app = Flask(__name__)


@app.post("/")
def predict() -> Response:
    """Answer one row."""
    row = pd.DataFrame([request.get_json()["inputs"]])
    probabilities = model.predict_proba(row)[0]
    classes = model.classes_.tolist()
    return jsonify(
        prediction=model.predict(row)[0],
        probabilities=dict(zip(classes, probabilities.tolist(), strict=True)),
    )
