/** Light or dark: what was chosen here wins over what the system prefers. */

const KEY = "servery-theme";

/** Apply the stored choice, if there is one. */
export function restoreTheme() {
  const stored = read();
  if (stored) document.documentElement.dataset.theme = stored;
}

/**
 * Follow a choice that is made in another tab.
 * @param {() => void} changed
 */
export function followTheme(changed) {
  window.addEventListener("storage", ({ key }) => {
    if (key !== KEY) return;
    restoreTheme();
    changed();
  });
}

/** @returns {"light" | "dark"} */
export function currentTheme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Change to the other one and remember it. */
export function switchTheme() {
  const next = currentTheme() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage is off: the choice lasts as long as the page.
  }
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
