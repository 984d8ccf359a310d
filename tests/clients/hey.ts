// The functions of @hey-api/openapi-ts.
import { client } from "./hey/client.gen.js";
import { predict, predictBikes } from "./hey/index.js";

client.setConfig({ baseUrl: process.argv[2] });
const inputs = { temperature: 24, humidity: 50, windspeed: 10, year: 2012.5 };
const { data, error } = await predictBikes({ body: { inputs } });
if (!data || !("prediction" in data)) throw new Error(JSON.stringify(error));
console.log(data.prediction, data.unit);

const refused = await predict({ path: { model: "income" }, body: { inputs: {} } });
if (refused.error?.status !== 422) throw new Error(JSON.stringify(refused));
console.log(refused.error.title);
