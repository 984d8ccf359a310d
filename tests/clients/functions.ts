// The functions of orval.
import { explainIncome, predictBikes } from "./orval.js";

const inputs = { temperature: 24, humidity: 50, windspeed: 10, year: 2012.5 };
const { data, status } = await predictBikes({ inputs });
if (status !== 200 || !("prediction" in data)) throw new Error(JSON.stringify(data));
console.log(data.prediction, data.unit);

const refused = await explainIncome({ inputs: {} as never });
if (refused.status !== 422) throw new Error(JSON.stringify(refused.data));
console.log(refused.data.title);
