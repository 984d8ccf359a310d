/**
 * The address of the API, from `<meta name="servery-api" content="https://…">` of the page, else the
 * folder above this code.
 * @returns {string} without a slash at its end
 */
function root() {
  const meta = document.querySelector('meta[name="servery-api"]');
  const said = meta?.getAttribute("content");
  return (said || new URL(/* @vite-ignore */ "..", import.meta.url).pathname).replace(/\/+$/, "");
}

/**
 * @param {string} path of the API, such as `/api/v1/models`
 * @returns {string} its address
 */
export function apiAddress(path) {
  return root() + path;
}

/**
 * @param {string} path that an answer of the API holds, which says where the server is already
 * @returns {string} its address
 */
export function linkAddress(path) {
  return new URL(path, new URL(root() || "/", location.href)).href;
}

/**
 * @param {string} path of the API
 * @returns {string} the address with its origin, for programs outside the page
 */
export function wholeAddress(path) {
  return new URL(apiAddress(path), location.href).href;
}
