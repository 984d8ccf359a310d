/**
 * The address: which page, which panel, and the whole question.
 *
 * In `#/models/income@1/about?age=39&workclass=`, the version is left out where it is the one that
 * is served. The id of a job follows `batch`, so that its address shows it again, and what answers the
 * same question follows `compare`. Every name after
 * the question mark is an input, and nothing else, so that no input's name can collide. An empty
 * value means "not known". A question mark with nothing after it is a form that was cleared; none
 * at all, a form not begun. After each semicolon, which is escaped in names and values, stands a
 * question that is kept to compare with, after its name and a colon if it has one. `#/embed/income`
 * is the same form without anything around it, for the pages of others.
 *
 * After two question marks stands a version: only the inputs that are not typical of it follow. One
 * without an equals sign is blank.
 */

import { typedIn } from "./draft.js";

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {{name: string, draft: Draft}} Kept a question to compare with; its name may be empty */
/**
 * The values that an address may leave out, and the version that they are typical of.
 * @typedef {{version: string, draft: Draft}} Base
 */
/**
 * `version` is null for the one that is served; `draft` where the address says nothing of a
 * question; `part` where a panel shows no batch job or comparison; `base` the version whose typical
 * values were left out.
 * @typedef {{page: "model", isEmbedded: boolean, name: string, version: string | null, panel: string, part: string | null, draft: Draft | null, kept: Kept[], base?: string}} ModelRoute
 * @typedef {{page: "gallery"} | {page: "add"} | {page: "unknown"} | ModelRoute} Route
 */

/** Panels that show one thing of several. */
const PARTED = /^(batch|compare)$/;

/**
 * @param {string} hash
 * @returns {Route}
 */
export function routeOf(hash) {
  const [path, query] = split(hash.replace(/^#\/?/, ""), "?");
  if (path === "") return { page: "gallery" };
  if (path === "add") return { page: "add" };
  const [room, whole = "", panel = "ask", part = null, ...rest] = path.split("/").map(decode);
  const [name, version] = split(whole, "@");
  const isEmbedded = room === "embed" && panel === "ask";
  if (!(room === "models" || isEmbedded) || !name || rest[0] || (part && !PARTED.test(panel))) {
    return { page: "unknown" };
  }
  const isBased = query?.startsWith("?");
  const [base, inputs] = isBased ? split(query?.slice(1) ?? "", "&") : [null, query];
  const blank = isBased ? "" : null;
  const [question = "", ...others] = (inputs ?? "").split(";");
  const draft = query === null ? null : draftOf(question, blank);
  const kept = others.filter((each) => each || isBased).map((each) => keptOf(each, blank));
  const place = { isEmbedded, name, version: version || null, panel, part, draft, kept };
  return { page: "model", ...place, ...(base && { base: decode(base) }) };
}

/**
 * @param {{isEmbedded?: boolean, name: string, version?: string | null, panel?: string, part?: string | null, draft?: Draft | null, kept?: Kept[]}} place
 * @param {Base | null} [base]
 * @returns {string} the fragment, with its `#`
 */
export function hashOf({ isEmbedded, name, version, panel = "ask", part, draft, kept = [] }, base) {
  const model = encode(name) + (version ? `@${encode(version)}` : "");
  const room =
    panel === "ask" ? "" : `/${panel}${part && PARTED.test(panel) ? `/${encode(part)}` : ""}`;
  const others = kept.map(
    (each) => `;${each.name && `${encode(each.name)}:`}${queryOf(each.draft, base)}`,
  );
  const mark = base ? `??${encode(base.version)}&` : "?";
  return `#/${isEmbedded ? "embed" : "models"}/${model}${room}${draft ? `${mark}${queryOf(draft, base)}${others.join("")}` : ""}`;
}

/**
 * @param {Draft} draft
 * @param {Base | null} [base]
 */
function queryOf(draft, base) {
  const left = base?.draft ?? {};
  return Object.keys({ ...left, ...draft })
    .filter((name) => textIn(draft, name) !== textIn(left, name))
    .map((name) => {
      const typed = textIn(draft, name);
      return encode(name) + (typed === "" ? "" : `=${encode(typed ?? "")}`);
    })
    .join("&");
}

/**
 * @param {Draft} draft
 * @param {string} name
 */
function textIn(draft, name) {
  const typed = typedIn(draft, name);
  return typed === undefined ? "" : typed;
}

/**
 * @param {string} text
 * @param {"" | null} blank what a name alone stands for
 * @returns {Kept}
 */
function keptOf(text, blank) {
  const [name, query] = split(text, ":");
  return query === null
    ? { name: "", draft: draftOf(name, blank) }
    : { name: decode(name), draft: draftOf(query, blank) };
}

/**
 * @param {string} query
 * @param {"" | null} blank what a name alone stands for
 * @returns {Draft}
 */
function draftOf(query, blank) {
  const pairs = query.split("&").filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, typed] = split(pair, "=");
      return [decode(name), typed === null ? blank : decode(typed) || null];
    }),
  );
}

/**
 * @param {string} text
 * @param {string} mark
 * @returns {[string, string | null]} the text before the mark and after it
 */
function split(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

/** @param {string} text */
function encode(text) {
  return encodeURIComponent(text.toWellFormed?.() ?? text).replace(/%20/g, "+");
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text; // half an escape, typed by hand
  }
}
