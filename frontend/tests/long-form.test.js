import assert from "node:assert/strict";
import { test } from "node:test";
import { baseText, based, ranksKnown } from "../ask/long/state.js";
import { foundIn, sectionsOf, sectionText } from "../ask/long/sections.js";
import { hashOf, routeOf } from "../lib/address.js";
import { baseOf, typicalDraft } from "../lib/draft.js";
import * as shell from "../shell/state.js";
import { factsOf, inputOf } from "./facts.js";

const many = (
  /** @type {number} */ count,
  /** @type {(at: number) => object} */ more = () => ({}),
) =>
  Array.from({ length: count }, (_, at) =>
    inputOf("number", { name: `v${at}`, label: `V${at}`, group: null, typical: at, ...more(at) }),
  );
const outline = (/** @type {import("../ask/long/sections.js").Section[]} */ sections) =>
  sections.map(({ title, placed }) => `${title}: ${placed.length}`);

test("every input is in exactly one section, whatever the order and the groups", () => {
  const names = (/** @type {any[]} */ sections) =>
    sections.flatMap(({ placed }) => placed.map((/** @type {any} */ { input }) => input.name));
  for (const inputs of [many(12), many(300), many(90, (at) => ({ group: at % 3 ? "A" : null }))]) {
    for (const order of /** @type {const} */ (["importance", "model", "name"])) {
      const found = names(sectionsOf(inputs, order, ["v7", "v3"]));
      assert.deepEqual(found.toSorted(), inputs.map(({ name }) => name).toSorted());
    }
  }
});

test("300 inputs are eight and a dozen of folded sections", () => {
  const sections = outline(sectionsOf(many(300), "model", null));
  assert.deepEqual(sections.slice(0, 3), [
    "First inputs: 8",
    "Inputs 9 to 33: 25",
    "Inputs 34 to 58: 25",
  ]);
  assert.equal(sections.length, 13);
});

test("the groups of a card are sections in the order of their first inputs", () => {
  const group = ["Vitals", null, "Blood", "Vitals"];
  const inputs = many(12, (at) => ({ group: group[at] ?? null }));
  assert.deepEqual(outline(sectionsOf(inputs, "model", null)), [
    "Vitals: 2",
    "Blood: 1",
    "Other inputs: 9",
  ]);
  const first = sectionsOf(inputs, "importance", ["v11", "v3"])[0];
  assert.equal(first?.title, "Most important");
  assert.deepEqual(
    first?.placed.slice(0, 3).map(({ at }) => at),
    [11, 3, 0],
  );
});

test("names with numbers are in the order of the numbers", () => {
  const [first] = sectionsOf(many(12).toReversed(), "name", null);
  assert.deepEqual(
    first?.placed.map(({ input }) => input.name),
    ["v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7"],
  );
});

test("a folded section says how many inputs differ from their typical values", () => {
  const [section] = sectionsOf(many(12), "model", null);
  const typical = typicalDraft(many(12));
  assert.ok(section);
  assert.equal(sectionText(section, typical), "8 inputs, all typical");
  assert.equal(sectionText(section, { ...typical, v3: "99", v4: null }), "8 inputs, 2 not typical");
});

test("a filter finds inputs by all of its words, in names, labels and groups", () => {
  const inputs = many(12, (at) => ({ label: `Pétal ${at}`, group: at < 2 ? "Blood" : null }));
  assert.deepEqual(
    foundIn(inputs, " petal 1 ").map(({ at }) => at),
    [1, 10, 11],
  );
  assert.deepEqual(
    foundIn(inputs, "blood 1").map(({ at }) => at),
    [1],
  );
  assert.deepEqual(foundIn(inputs, "nothing"), []);
});

test("the address of a long form holds what differs from the typical values", () => {
  const base = baseOf(factsOf({ version: "3", signature: { inputs: many(300), output: {} } }));
  assert.ok(base);
  const draft = { ...base.draft, v5: "7.5", v6: null, v7: "" };
  const hash = hashOf(
    { name: "wide", draft, kept: [{ name: "b", draft: { ...base.draft, v1: "2" } }] },
    base,
  );
  assert.equal(hash, "#/models/wide??3&v5=7.5&v6=&v7;b:v1=2");
  const facts = factsOf({ version: "3", signature: { inputs: many(300), output: {} } });
  const state = shell.routed(
    { ...shell.INITIAL, model: { status: "ready", body: facts, problem: null } },
    routeOf(hash),
  );
  const { route, draft: read } = based(state, base);
  assert.deepEqual(read, draft);
  assert.deepEqual(route.page === "model" && route.kept[0]?.draft, { ...base.draft, v1: "2" });
  const typical = hashOf({ name: "wide", draft: base.draft }, base);
  assert.equal(typical, "#/models/wide??3&");
  assert.deepEqual(based(shell.routed(shell.INITIAL, routeOf(typical)), base).draft, base.draft);
});

test("a short form has no base, so that its address holds everything", () => {
  assert.equal(baseOf(factsOf()), null);
  assert.equal(baseOf(null), null);
});

test("a link of another version says so", () => {
  assert.equal(baseText("3", "3"), "");
  assert.equal(baseText(undefined, "3"), "");
  assert.match(baseText("2", "3"), /of version 2.*typical values of version 3/);
});

test("ranks that come for a model that was left are dropped", () => {
  const model = { status: /** @type {const} */ ("ready"), body: factsOf(), problem: null };
  const state = { ...shell.INITIAL, model };
  assert.deepEqual(ranksKnown(state, { name: "animals", ranks: ["a"] }).panels, { ranks: ["a"] });
  assert.equal(ranksKnown(state, { name: "other", ranks: ["a"] }), state);
});
