/** What the page asks the server; only the client calls the network. */

import { call as ask, modelPath, resourcePath } from "./client.js";
import { apiAddress } from "./origin.js";

export { answerTo, modelPath, Refused, resourcePath, Unreachable } from "./client.js";

/** @typedef {import("./client.js").Asked} Asked */
/** @typedef {import("./client.js").Resource} Resource */

/**
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").ModelList>}
 */
export function listModels(signal) {
  return call("/api/v1/models", { signal });
}

/**
 * @param {Asked} model
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").Facts>}
 */
export function showModel(model, signal) {
  return call(modelPath(model), { signal });
}

/**
 * @param {Asked} model
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").Evaluation>}
 */
export function showEvaluation(model, signal) {
  return call(`${modelPath(model)}/evaluation`, { signal });
}

/**
 * @param {Asked} model
 * @param {string} body JSON text, so that numbers arrive digit by digit as they were typed
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").Prediction>}
 */
export function predict(model, body, signal) {
  return post(model, "predictions", body, signal);
}

/**
 * @param {Asked} model
 * @param {Resource} resource
 * @param {string} body JSON text
 * @param {AbortSignal} signal
 * @returns {Promise<any>} what the version answers about one instance
 */
export function post(model, resource, body, signal) {
  return call(resourcePath(model, resource), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    signal,
  });
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
export function call(path, options) {
  return ask(apiAddress(path), options);
}
