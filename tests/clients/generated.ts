// The TypeScript client of openapi-generator, for fetch.
import { Configuration, PredictionsApi, ResponseError } from "./ts/index.js";

const api = new PredictionsApi(new Configuration({ basePath: process.argv[2] ?? "" }));
const inputs = { temperature: 24, humidity: 50, windspeed: 10, year: 2012.5 };
const answer = await api.predictBikes({ predictBikesRequest: { inputs } });
if (!("prediction" in answer)) throw new Error(JSON.stringify(answer));
console.log(answer.prediction, answer.unit);

try {
  await api.predict({ model: "income", predictRequest: { inputs: {} } });
  throw new Error("no inputs were taken");
} catch (error) {
  if (!(error instanceof ResponseError) || error.response.status !== 422) throw error;
  console.log((await error.response.json()).title);
}
