"""huggingface_hub: text classification, and tabular classification, whose values are all texts."""

import sys

from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError
from rows import ADULT, ANSWERS, MANY, ROWS, check, check_refusal

texts = InferenceClient(model=f"{sys.argv[1]}/hf/questions")
labels = texts.text_classification("How do I learn Python?")
check(len(labels), 2)
check(len(texts.text_classification("How do I learn Python?", top_k=1)), 1)
client = InferenceClient(model=f"{sys.argv[1]}/hf/income")
for count in (1, MANY):
    table = {name: [str(row[name] or "") for row in ROWS * count] for name in ADULT}
    check(client.tabular_classification(table), ANSWERS * count)
try:
    client.tabular_classification({**{name: [str(ADULT[name])] for name in ADULT}, "age": ["39.5"]})
except HfHubHTTPError as error:
    check_refusal("39.5", str(error))
else:
    raise SystemExit("not refused")
print("text classification:", labels[0].label, round(labels[0].score, 4), "and tables")
