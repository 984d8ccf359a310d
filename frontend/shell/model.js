import { showModel } from "../lib/api.js";

/**
 * @param {import("../lib/api.js").Asked} model
 * @param {AbortSignal} signal
 * @returns {Promise<import("../lib/types.js").Facts>} with the version that is served
 */
export async function wholeModel({ name, version }, signal) {
  const latest = showModel({ name, version: null }, signal);
  const served = latest.then(
    (facts) => facts.version,
    () => null,
  );
  const facts = await (version ? showModel({ name, version }, signal) : latest);
  return { ...facts, served: await served };
}
