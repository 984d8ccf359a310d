/** Picks the language of the page and loads the page in it: all else waits for that. */

import { apps } from "virtual:apps";
import { KEY } from "./shell/language.js";

const language = chosen(Object.keys(apps)) ?? "en";
document.documentElement.lang = language;
import(/* @vite-ignore */ apps[language] ?? "");

/**
 * @param {readonly string[]} known languages
 * @returns {string | undefined} the one that the address names, else the one that was chosen here,
 *   else the first of the browser's
 */
function chosen(known) {
  const named = new URLSearchParams(location.search).get("lang");
  const wanted = [named, kept(), ...navigator.languages];
  return wanted.map((tag) => `${tag}`.split("-")[0] ?? "").find((tag) => known.includes(tag));
}

function kept() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
