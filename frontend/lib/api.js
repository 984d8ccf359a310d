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
  let text;
  try {
    response = await send();
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable("The server is not responding.", { cause: error });
  }
  const body = parsed(text);
  if (!response.ok || body === undefined) throw new Refused(problemOf(body, response));
  return body;
}

/**
 * @param {string} text
 * @returns {any} null for an empty text; undefined for one that is not JSON, which Servery never sends
 */
function parsed(text) {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * An answer that a proxy gave in its own format is reported as such.
 * @param {Partial<Problem> | null | undefined} body
 * @param {Response} response
 * @returns {Problem}
 */
function problemOf(body, { status, headers, ok }) {
  const wait = Number(headers.get("Retry-After") ?? Number.NaN);
  const [title, detail] = ok
    ? [
        "Not an answer from Servery",
        "The answer is a web page, maybe a sign-in page. Reload to see it.",
      ]
    : foreignText(status);
  return {
    title: body?.title ?? title,
    status,
    detail: body?.detail ?? detail,
    request_id: body?.request_id ?? headers.get("X-Request-ID"),
    errors: body?.errors ?? [],
    retry_after_s: Number.isFinite(wait) ? wait : null,
  };
}

/** @type {Record<number, string>} */
const FOREIGN = {
  401: "asks you to sign in. Reload the page.",
  413: "refused this much data. Its limit would have to be raised.",
  502: "reports that Servery is not responding.",
  503: "reports that Servery is not available.",
  504: "waited too long for Servery.",
};

/**
 * @param {number} status
 * @returns {[title: string, detail: string]}
 */
function foreignText(status) {
  const words = FOREIGN[status] ?? "refused the request.";
  return [`Status ${status}`, `A server in front of Servery ${words}`];
}
