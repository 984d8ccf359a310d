import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOf, routeOf } from "../lib/address.js";

const ASKED = {
  page: "model",
  isEmbedded: false,
  name: "income",
  version: null,
  panel: "ask",
  part: null,
  kept: [],
};

test("an address without a question is a form not begun, one with an empty one was cleared", () => {
  assert.deepEqual(routeOf("#/models/income"), { ...ASKED, draft: null });
  assert.deepEqual(routeOf("#/models/income?"), { ...ASKED, draft: {} });
});

test("the gallery and the page that explains how to add a model have their own addresses", () => {
  for (const hash of ["", "#", "#/"]) assert.equal(routeOf(hash).page, "gallery");
  assert.equal(routeOf("#/add").page, "add");
});

test("an address that leads nowhere is unknown", () => {
  for (const hash of [
    "#/nothing/at/all",
    "#/models",
    "#/models/",
    "#/models/a/ask/job",
    "#/models/a/batch/j/x",
  ]) {
    assert.equal(routeOf(hash).page, "unknown", hash);
  }
});

test("a model in a frame has its form and no panel besides", () => {
  const route = { ...ASKED, isEmbedded: true, version: "2", draft: { age: "39" } };
  assert.deepEqual(routeOf("#/embed/income@2?age=39"), route);
  assert.equal(hashOf(route), "#/embed/income@2?age=39");
  assert.equal(routeOf("#/embed/income/about").page, "unknown");
});

test("an empty value means that it is not known", () => {
  assert.deepEqual(routeOf("#/models/income?age=39&workclass=").draft, {
    age: "39",
    workclass: null,
  });
});

test("half an escape, typed by hand, is taken as it stands", () => {
  assert.deepEqual(routeOf("#/models/a?x=100%").draft, { x: "100%" });
});

test("the job of a batch is part of its address, and of no other panel's", () => {
  const place = { name: "a", panel: "batch", part: "j/1" };
  assert.equal(hashOf(place), "#/models/a/batch/j%2F1");
  assert.equal(routeOf(hashOf(place)).part, "j/1");
  assert.equal(hashOf({ ...place, panel: "about" }), "#/models/a/about");
});

test("every name and value survives the way through the address", () => {
  const draft = {
    "hours.per.week": "40",
    "Température (°C)": "1 & 2 = 3; 4? 100% + 🤔",
    constructor: "a\nb",
    "a=b&c;d": null,
  };
  const kept = [
    { name: "Hot; dry: 40 °C", draft: { ...draft, x: ";:" } },
    { name: "", draft },
  ];
  const place = { name: "a b/c", version: "2", panel: "about", draft, kept };
  const { page, isEmbedded, part, ...route } = routeOf(hashOf(place));
  assert.deepEqual(route, place);
  assert.deepEqual([page, isEmbedded, part], ["model", false, null]);
});

test("an input that is empty is left out", () => {
  assert.equal(hashOf({ name: "a", draft: { x: "", y: "1" } }), "#/models/a?y=1");
});
