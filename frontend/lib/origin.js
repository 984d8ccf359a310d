/**
 * Where the API is, as the page itself says: `<meta name="servery-api" content="https://…">`.
 * @param {string} path an absolute path of the API
 * @returns {string} its address
 */
export function apiAddress(path) {
  const meta = document.querySelector('meta[name="servery-api"]');
  const origin = meta?.getAttribute("content")?.replace(/\/+$/, "") ?? "";
  return origin + path;
}

/**
 * @param {string} path
 * @returns {string} the address with its origin, for programs outside the page
 */
export function wholeAddress(path) {
  return new URL(apiAddress(path), location.href).href;
}
