/** The only room that calls the network. */

import { apiAddress } from "./origin.js";

/** @typedef {import("./types.js").Problem} Problem */

/** The server answered, and the answer is a problem. */
export class Refused extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** No answer came, or one that no server of ours would give. */
export class Unreachable extends Error {}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").ModelList>}
 */
export function listModels(signal) {
  return call("/api/v1/models", { signal });
}

/** @typedef {{name: string, version: string | null}} Asked a model, in the version served if null */
/** @typedef {"predictions" | "explanations" | "curves" | "counterfactuals" | "nearest-rows"} Resource */

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
 * @param {Asked} model
 * @param {Resource} resource
 * @returns {string} the path that is posted to
 */
export function resourcePath(model, resource) {
  return `${modelPath(model)}/${resource}`;
}

/**
 * @param {Asked} model
 * @returns {string}
 */
export function modelPath({ name, version }) {
  const pinned = version ? `@${encodeURIComponent(version)}` : "";
  return `/api/v1/models/${encodeURIComponent(name)}${pinned}`;
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
export function call(path, options) {
  return answerTo(() => fetch(apiAddress(path), options), options.signal);
}

/**
 * @param {() => Promise<Response>} send
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<any>} the body of the answer; null where there is none
 */
export async function answerTo(send, signal) {
  let response;
  let body;
  try {
    response = await send();
    body = response.status === 204 ? null : await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable("The server is not responding.", { cause: error });
  }
  if (!response.ok) throw new Refused(problemOf(body, response));
  return body;
}

/**
 * A proxy in between may refuse in words of its own: what is absent is filled in.
 * @param {Partial<Problem> | null} body
 * @param {Response} response
 * @returns {Problem}
 */
function problemOf(body, { status, headers }) {
  const wait = Number(headers.get("Retry-After") ?? Number.NaN);
  return {
    title: body?.title ?? "The server refused",
    status,
    detail: body?.detail ?? `It answered with status ${status} and no reason.`,
    request_id: body?.request_id ?? headers.get("X-Request-ID"),
    errors: body?.errors ?? [],
    retry_after_s: Number.isFinite(wait) ? wait : null,
  };
}
