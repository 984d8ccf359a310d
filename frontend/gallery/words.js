/** Sentences about the models of a server. */

import * as say from "#words/gallery";
import { quantity, withUnit } from "../lib/format.js";

/** @typedef {import("../lib/types.js").ModelList} ModelList */

/** @type {Record<string, string>} */
const TASKS = {
  classification: say.picksAnOutcome,
  regression: say.estimatesANumber,
  clustering: say.groupsSimilarRows,
  "outlier-detection": say.findsUnusualRows,
  "multi-output": say.givesSeveralAnswers,
};

/**
 * @param {string} task
 * @returns {string} what a model of this kind does; nothing for an unknown kind
 */
export function taskText(task) {
  return TASKS[task] ?? "";
}

/**
 * @param {import("../lib/types.js").Summary} model
 * @returns {string} its main metric, where one was measured, and its version
 */
export function factsText({ metric, version }) {
  const figure = metric && withUnit(quantity(metric.value, null, 3), metric.unit);
  return `${metric ? `${metric.label} ${figure} · ` : ""}${say.version(version)}`;
}

/**
 * @param {import("../lib/types.js").Summary} model that is served all the same
 * @param {import("../lib/types.js").Broken} broken
 * @returns {string}
 */
export function brokenText(model, { version }) {
  const isAnother = version && version !== model.version;
  return isAnother ? say.versionCannotBeServed(version) : say.changeCannotBeServed;
}

/**
 * @param {ModelList} before
 * @param {ModelList} after
 * @returns {string} which models came and went; nothing where none did
 */
export function changesText(before, after) {
  const added = titlesOnlyIn(after, before);
  const removed = titlesOnlyIn(before, after);
  const parts = [added && say.arrived(added), removed && say.noLongerServed(removed)];
  return parts.filter(Boolean).join(" ");
}

/**
 * @param {ModelList} these
 * @param {ModelList} those
 */
function titlesOnlyIn({ models }, those) {
  const known = new Set(those.models.map((model) => model.name));
  const others = models.filter((model) => !known.has(model.name));
  return others.map((model) => model.title).join(", ");
}
