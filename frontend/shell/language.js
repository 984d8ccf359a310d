/** The choice of a language for the page. */

/** What a choice is kept as. */
export const KEY = "servery-language";

/**
 * Keep the choice in this browser, or in the address where nothing can be kept, and load the page
 * in that language: the question on screen is part of its address.
 * @param {string} language
 */
export function changeLanguage(language) {
  const url = new URL(location.href);
  url.searchParams.delete("lang");
  try {
    localStorage.setItem(KEY, language);
  } catch {
    url.searchParams.set("lang", language);
  }
  history.replaceState(null, "", url);
  location.reload();
}
