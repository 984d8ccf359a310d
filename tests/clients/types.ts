// The types of openapi-typescript, with fetch.
import type { components, paths } from "./schema.js";

type Operation = paths["/api/v1/models/bikes/predictions"]["post"];
type Body = Operation["requestBody"]["content"]["application/json"];
type Answer = Operation["responses"][200]["content"]["application/json"];

const inputs: components["schemas"]["BikesInputs"] = { temperature: 24, humidity: 50, windspeed: 10, year: 2012.5 };
const body: Body = { inputs };
const response = await fetch(`${process.argv[2]}/api/v1/models/bikes/predictions`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});
const answer = (await response.json()) as Answer;
if (!("prediction" in answer)) throw new Error(JSON.stringify(answer));
console.log(answer.prediction, answer.unit);
