/** The jobs that this browser has shown, so that one is found again after leaving its page. */

/** @typedef {{id: string, model: string}} Recent */

const KEY = "servery-jobs";
/** So many are kept; older ones have usually expired. */
const MOST = 20;

/**
 * @param {string} model
 * @returns {Recent[]} its jobs, the newest first
 */
export function recentJobs(model) {
  return all().filter((each) => each.model === model);
}

/** @param {import("./state.js").Job} job */
export function remember({ id, model }) {
  const known = all();
  if (known.some((each) => each.id === id)) return;
  write([{ id, model }, ...known].slice(0, MOST));
}

/** @param {string} id of a job that is gone */
export function forget(id) {
  write(all().filter((each) => each.id !== id));
}

/** @returns {Recent[]} */
function all() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isRecent) : [];
  } catch {
    return []; // the browser keeps nothing, or something else is there
  }
}

/**
 * @param {any} each
 * @returns {each is Recent}
 */
function isRecent(each) {
  return [each?.id, each?.model].every((text) => typeof text === "string");
}

/** @param {readonly Recent[]} jobs */
function write(jobs) {
  try {
    localStorage.setItem(KEY, JSON.stringify(jobs));
  } catch {
    // the browser keeps nothing
  }
}
