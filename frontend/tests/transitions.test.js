import assert from "node:assert/strict";
import { test } from "node:test";
import { aboutOf, cleared, evaluationFetched, thresholdTried } from "../about/state.js";
import { edited } from "../add/publish-form.js";
import * as ask from "../ask/state.js";
import { renewed } from "../ask/renewal.js";
import * as gallery from "../gallery/state.js";
import { refreshed } from "../gallery/refresh.js";
import { insightOf, looked, sought } from "../insight/state.js";
import { routeOf } from "../lib/address.js";
import { makeStore } from "../lib/store.js";
import * as shell from "../shell/state.js";
import { factsOf, inputOf, predictionOf } from "./facts.js";

const at = (/** @type {string} */ hash) => shell.routed(shell.INITIAL, routeOf(hash));
const ready = (/** @type {any} */ body) => ({ status: "ready", body, problem: null });

test("another model begins from nothing, the same one keeps its answer", () => {
  const before = ask.answered(thresholdTried(at("#/models/a?x=1"), 0.3), {
    prediction: predictionOf(),
    draft: { x: "1" },
    took_ms: 3,
  });
  const same = shell.routed(before, routeOf("#/models/a/about?x=1"));
  assert.equal(same.answer, before.answer);
  assert.equal(aboutOf(same).threshold, 0.3);
  const other = shell.routed(before, routeOf("#/models/b"));
  assert.equal(other.answer.status, "empty");
  assert.equal(aboutOf(other).threshold, null);
  assert.equal(other.model.status, "loading");
});

test("a version of a model is another model", () => {
  assert.ok(!shell.isSameModel(routeOf("#/models/a"), routeOf("#/models/a@1")));
  assert.ok(shell.isSameModel(routeOf("#/models/a@1"), routeOf("#/models/a@1/api?x=1")));
  assert.ok(!shell.isSameModel(routeOf("#/"), routeOf("#/")));
});

test("a newer version keeps what was typed as far as its inputs are still there", () => {
  const first = shell.modelFetched(at("#/models/a?height=1&gone=2"), ready(factsOf()));
  const inputs = [
    inputOf("number", { name: "height", label: "Height" }),
    inputOf("number", { name: "weight", label: "Weight" }),
  ];
  const newer = factsOf({ version: "2", signature: { ...factsOf().signature, inputs } });
  const after = renewed(first, newer);
  assert.deepEqual(after.draft, { height: "1" });
  assert.equal(after.notice, "Version 2 is served now. It also asks for: Weight.");
});

test("the code of a page is loaded or could not be", () => {
  const failed = shell.codeLoaded(shell.INITIAL, { name: "about", status: "failed" });
  assert.equal(failed.code.about, "failed");
  assert.equal(shell.codeLoaded(failed, { name: "about", status: "ready" }).code.about, "ready");
});

test("typing takes back the fault of its own input only", () => {
  const problem = {
    title: "",
    status: 422,
    detail: "",
    request_id: null,
    retry_after_s: null,
    errors: ["a", "b"].map((input) => ({ input, pointer: "", code: "x", detail: "" })),
  };
  const refused = ask.refused(at("#/models/a"), { problem, submitted: true });
  assert.equal(refused.answer.status, "invalid");
  const typed = ask.typed(refused, { name: "a", typed: "1" });
  assert.deepEqual(
    typed.answer.faults.map(({ input }) => input),
    ["b"],
  );
  assert.equal(typed.answer.submitted, false);
  assert.deepEqual(typed.draft, { a: "1" });
});

test("a question that cannot be sent is empty, incomplete or invalid", () => {
  const held = (/** @type {any} */ draft, /** @type {any} */ faults) =>
    ask.held(ask.filled(at("#/models/a"), { draft }), { faults, submitted: false }).answer.status;
  assert.equal(held({}, []), "empty");
  assert.equal(held({ a: "1" }, []), "incomplete");
  assert.equal(held({ a: "x" }, [{ input: "a", pointer: "", code: "", detail: "" }]), "invalid");
});

test("the last answer is kept while the next is asked for, and gone with an empty form", () => {
  const answered = ask.answered(at("#/models/a"), {
    prediction: predictionOf(),
    draft: {},
    took_ms: 3,
  });
  assert.equal(ask.asked(answered).answer.prediction?.label, "Cat");
  assert.equal(ask.lost(answered).answer.prediction?.label, "Cat");
  assert.equal(ask.slowed(ask.asked(answered)).answer.slow, true);
  assert.equal(ask.held(answered, { faults: [], submitted: false }).answer.prediction, null);
});

test("nothing moves in a gallery where nothing changed, and what came is marked", () => {
  const model = (/** @type {string} */ name) => ({ name, title: name.toUpperCase() });
  const list = (/** @type {string[]} */ ...names) => ({ models: names.map(model), broken: [] });
  const shown = gallery.fetched(shell.INITIAL, ready(list("a", "b")));
  assert.equal(refreshed(shown, list("a", "b")), shown);
  const after = refreshed(shown, list("b", "c"));
  assert.deepEqual(after.gallery.arrived, ["c"]);
  assert.equal(after.announcement, "New: C. No longer served: A.");
  assert.deepEqual(shell.routed(after, routeOf("#/add")).gallery.arrived, []);
});

test("what was measured belongs to one version", () => {
  const shown = evaluationFetched(at("#/models/a/about"), ready({ rows: 1 }));
  assert.equal(aboutOf(shown).evaluation.body?.rows, 1);
  assert.equal(aboutOf(cleared(shown)).evaluation.body, null);
});

test("a part of the insight changes by itself", () => {
  const asking = looked(at("#/models/a"), { part: "curve", change: { status: "asking" } });
  assert.equal(insightOf(asking).curve.status, "asking");
  assert.equal(insightOf(asking).explanation.status, "none");
  assert.equal(insightOf(sought(asking, "dog")).target, "dog");
});

test("what was typed about a new model outlives its page", () => {
  const typed = edited(at("#/add"), { name: "mine" });
  assert.equal(shell.routed(typed, routeOf("#/models/a")).publishForm.name, "mine");
});

test("the store tells of each step, and no part of it can be changed by hand", () => {
  const store = makeStore(shell.INITIAL);
  /** @type {string[]} */
  const told = [];
  store.subscribe(({ announcement }) => told.push(announcement));
  store.apply(shell.announced, "Copied.");
  assert.deepEqual(told, ["", "Copied."]);
  assert.ok(Object.isFrozen(store.state));
});
