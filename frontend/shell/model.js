import { showModel } from "../lib/api.js";

/**
 * @param {import("../lib/api.js").Asked} model
 * @param {AbortSignal} signal
 * @returns {Promise<import("../lib/types.js").Facts>} with the version that is served
 */
export async function wholeModel({ name, version }, signal) {
  const facts = await showModel({ name, version }, signal);
  if (!version) return { ...facts, served: facts.version };
  try {
    const served = await showModel({ name, version: null }, signal);
    return { ...facts, served: served.version };
  } catch {
    return { ...facts, served: null };
  }
}
