/** Requests about files of rows; uploads report their progress. */

import { answerTo, call, modelPath } from "../lib/api.js";
import { apiAddress } from "../lib/origin.js";

/** @typedef {import("./state.js").Job} Job */
/** @typedef {import("./state.js").Change} Change */
/** @typedef {{blob: Blob, name: string, key: string}} Upload `key` makes a repeated one the same job */

/** A server that has taken no change by then does not answer any more. */
const CHANGE_MS = 30_000;

/**
 * @param {import("../lib/api.js").Asked} model
 * @param {Upload} upload
 * @param {(sent_bytes: number) => void} progress
 * @param {AbortSignal} signal
 * @returns {Promise<Job>} that waits to be started
 */
export function sendFile(model, upload, progress, signal) {
  const asked = new URLSearchParams({ start: "false", name: upload.name });
  const path = `${modelPath(model)}/batches?${asked}`;
  return answerTo(() => sent(path, upload, progress, signal), signal);
}

/** @returns {Promise<import("../lib/types.js").TableFormats>} what may be uploaded and downloaded */
export function listTableFormats() {
  return call("/api/v1/table-formats", {});
}

/**
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<Job>}
 */
export function showJob(id, signal) {
  return call(batchPath(id), { signal });
}

/**
 * @param {string} id
 * @returns {Promise<import("../lib/types.js").TableEvaluation>}
 */
export function showEvaluation(id) {
  return call(`${batchPath(id)}/evaluation`, {});
}

/**
 * @param {string} id
 * @param {Change} change
 * @returns {Promise<Job>}
 */
export function changeJob(id, change) {
  return call(batchPath(id), {
    method: "PATCH",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(change),
    signal: AbortSignal.timeout(CHANGE_MS),
  });
}

/**
 * @param {string} id
 * @returns {Promise<null>}
 */
export function forgetJob(id) {
  return call(batchPath(id), { method: "DELETE" });
}

/**
 * @param {string} id
 * @param {(job: Job) => void} came
 * @param {() => void} broke the stream ended or never was; the browser tries again by itself
 * @returns {EventSource}
 */
export function followJob(id, came, broke) {
  const source = new EventSource(apiAddress(`${batchPath(id)}/events`));
  source.addEventListener("job", (event) => came(JSON.parse(event.data)));
  source.addEventListener("error", broke);
  return source;
}

/**
 * @param {string} id
 * @param {"result" | "errors" | "evaluation.html"} file
 * @returns {string} the address that downloads it
 */
export function fileAddress(id, file) {
  return apiAddress(`${batchPath(id)}/${file}`);
}

/** @param {string} id */
function batchPath(id) {
  return `/api/v1/batches/${encodeURIComponent(id)}`;
}

/**
 * `fetch` does not report how much of a body is sent.
 * @param {string} path
 * @param {Upload} upload
 * @param {(sent_bytes: number) => void} progress
 * @param {AbortSignal} signal
 * @returns {Promise<Response>}
 */
function sent(path, { blob, key }, progress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const answer = () =>
      resolve(new Response(request.responseText, { status: request.status, headers: of(request) }));
    request.open("POST", apiAddress(path));
    // The server goes by the name of the file and by its content.
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Idempotency-Key", key);
    request.upload.addEventListener("progress", (event) => progress(event.loaded));
    request.addEventListener("load", answer);
    request.addEventListener("error", () => reject(new Error("upload broke off")));
    request.addEventListener("abort", () => reject(new Error("upload cancelled")));
    signal.addEventListener("abort", () => request.abort());
    request.send(blob);
  });
}

/** @param {XMLHttpRequest} request */
function of(request) {
  const lines = request.getAllResponseHeaders().trim().split(/\r?\n/);
  return new Headers(
    lines.filter(Boolean).map((line) => {
      const at = line.indexOf(":");
      return /** @type {[string, string]} */ ([line.slice(0, at), line.slice(at + 1).trim()]);
    }),
  );
}
