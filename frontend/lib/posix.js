/** Words of a POSIX shell. */

const BARE = /^[\w%+,./:=-]+$/;

/**
 * A single-quoted text of a POSIX shell holds everything but a single quote.
 * @param {string} text
 * @returns {string}
 */
export function inQuotes(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * @param {string} text
 * @returns {string} one word, in quotes only where the shell would take it otherwise
 */
export function word(text) {
  return BARE.test(text) ? text : inQuotes(text);
}

/**
 * @param {string} path
 * @returns {string} one word that is never taken for an option; `~/` still means home
 */
export function pathWord(path) {
  if (path.startsWith("~/")) return `~/${path.length > 2 ? word(path.slice(2)) : ""}`;
  return word(path.startsWith("-") ? `./${path}` : path);
}
