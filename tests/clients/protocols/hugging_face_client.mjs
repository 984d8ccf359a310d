// @huggingface/inference: text classification and tables.
import { InferenceClient } from "@huggingface/inference";

const base = process.argv[2];
const client = new InferenceClient("", {});
const text = client.endpoint(`${base}/hf/questions`);
const [label] = await text.textClassification({ inputs: "How do I learn Python?" });
if (!(label.score > 0)) throw new Error(JSON.stringify(label));
// Of a table, this client takes numbers alone: it refuses classes that are texts.
const row = { temperature: "24", humidity: "50", windspeed: "10", year: "2012.5" };
const data = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, [value, value]]));
const table = client.endpoint(`${base}/hf/bikes`);
const answers = await table.tabularRegression({ inputs: { data } });
if (answers.length !== 2 || !(answers[0] > 1000)) throw new Error(JSON.stringify(answers));
console.log("text classification:", label.label, "and tables");
