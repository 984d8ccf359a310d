/** Table of contents: define the frame, make the store, connect the two. */

import "./shell/servery-app.js";
import { makeStore } from "./lib/store.js";
import { Flow } from "./shell/flow.js";
import { INITIAL } from "./shell/state.js";
import { restoreTheme } from "./shell/theme.js";

restoreTheme();

const page = /** @type {import("./shell/servery-app.js").ServeryApp} */ (
  document.querySelector("servery-app")
);
const store = makeStore(INITIAL);
store.subscribe((state) => {
  page.state = state;
});
new Flow(store, page).start();
import("./shell/rest.js").catch(() => null);
if (window.parent !== window) import("./embed/embed.js").then(({ open }) => open(page));
