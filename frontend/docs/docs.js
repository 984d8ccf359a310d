import "swagger-ui-dist/swagger-ui.css";
import "./docs.css";
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import { apiAddress } from "../lib/origin.js";
import { currentTheme, followTheme, restoreTheme, switchTheme } from "../shell/theme.js";

const themeSwitch = /** @type {HTMLElement} */ (document.querySelector("[data-theme-switch]"));

/** Swagger UI has its dark scheme under a class; the page around it follows the choice itself. */
function showTheme() {
  const isDark = currentTheme() === "dark";
  document.documentElement.classList.toggle("dark-mode", isDark);
  themeSwitch.ariaLabel = isDark ? "Light" : "Dark";
}

restoreTheme();
showTheme();
followTheme(showTheme);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
themeSwitch.addEventListener("click", () => {
  switchTheme();
  showTheme();
});

const page = /** @type {HTMLElement} */ (document.querySelector("[data-docs]"));

SwaggerUI({
  domNode: page,
  url: apiAddress("/openapi.json"),
  // A deep link would be a link inside a button, which no keyboard reaches.
  deepLinking: false,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  validatorUrl: null,
});

/**
 * What Swagger UI leaves unsaid to a screen reader: names of controls, regions, the true level of
 * its headings. The first rule that fits an element counts.
 * @type {[selector: string, attributes: Record<string, string>][]}
 */
const MENDED = [
  [".information-container", { role: "region", "aria-label": "About this API" }],
  [".scheme-container", { role: "region", "aria-label": "Server" }],
  [".opblock-tag, .models > h4", { "aria-level": "2" }],
  [".opblock-body h4", { "aria-level": "3" }],
  [".opblock-body h5", { "aria-level": "4" }],
  ["#servers", { "aria-label": "Server" }],
  [".examples-select-element", { "aria-label": "Example" }],
  [".body-param__text", { "aria-label": "Request body" }],
  [".content-type", { "aria-label": "Content type" }],
  ["select, input", { "aria-label": "Value" }],
];

function mend() {
  for (const [selector, attributes] of MENDED) {
    for (const element of page.querySelectorAll(selector)) {
      for (const [name, value] of Object.entries(attributes)) {
        if (!element.hasAttribute(name)) element.setAttribute(name, value);
      }
    }
  }
}

new MutationObserver(mend).observe(page, { childList: true, subtree: true });
