"""The income model as most engineers would write it with FastAPI, and an endpoint that is empty."""

from pathlib import Path

import joblib
import pandas as pd
from fastapi import FastAPI
from pydantic import BaseModel, Field

MODEL = Path(__file__).resolve().parents[2] / "models" / "income" / "1" / "model.joblib"

model = joblib.load(MODEL)
app = FastAPI()


class Person(BaseModel):
    """The inputs of the model."""

    age: int
    workclass: str | None
    education: str
    marital_status: str = Field(alias="marital.status")
    race: str
    sex: str
    hours_per_week: int = Field(alias="hours.per.week")


class Asked(BaseModel):
    """The body of a request."""

    inputs: Person


class Answer(BaseModel):
    """What is answered."""

    prediction: str
    probabilities: dict[str, float]


@app.post("/")
def predict(asked: Asked) -> Answer:
    """Answer one row."""
    row = pd.DataFrame([asked.inputs.model_dump(by_alias=True)])
    probabilities = model.predict_proba(row)[0]
    classes = model.classes_.tolist()
    return Answer(
        prediction=model.predict(row)[0],
        probabilities=dict(zip(classes, probabilities.tolist(), strict=True)),
    )


@app.post("/empty")
def empty() -> dict[str, int]:
    """Answer without reading what was asked."""
    return {"prediction": 1}
