// What the JavaScript client answers, for the test beside this file: JSON on standard output.
import { readFile } from "node:fs/promises";

const [address, client, table] = process.argv.slice(2);
const { connect, Refused, Unreachable } = await import(client);
const server = connect(address);
const species = server.model("species");
const dog = { height: 88, weight: 46 };
const bikes = { temperature: 24, humidity: 50, windspeed: 10, year: 2012.5 };
const progress = [];

async function refusal(ask) {
  try {
    await ask();
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    if (error instanceof Unreachable) return { title: "unreachable" };
    throw error;
  }
  return null;
}

const file = new File([await readFile(table)], "pets.csv");
const { job, result } = await species.score(file, {
  progress: ({ status }) => progress.push(status),
});
console.log(
  JSON.stringify({
    models: (await server.models()).models,
    facts: await species.facts(),
    one: await species.predict(dog),
    many: await species.predict([dog, { height: 70, weight: 40 }]),
    pinned: await server.model("species", "1").predict(dog),
    why: await server.model("income").explain((await server.model("income").facts()).examples[0].inputs, { output: "<=50K" }),
    changes: await server.model("bikes").counterfactuals(bikes, { target: { max: 4000 } }),
    refused: await refusal(() => species.predict([dog, { height: "tall" }])),
    absent: await refusal(() => server.model("specis").facts()),
    undecided: await refusal(() => species.score(new Blob(["a,b\n1,2\n"]))),
    away: await refusal(() => connect("http://127.0.0.1:1", { tries: 2 }).models()),
    progress,
    job,
    table: await result.text(),
  }),
);
