/** Table of contents: define the elements, make the store, connect the two. */

import "./shell/servery-app.js";
import { Flow } from "./shell/flow.js";
import { makeStore } from "./lib/store.js";
import { restoreTheme } from "./shell/theme.js";
import { INITIAL } from "./shell/state.js";

restoreTheme();

const page = /** @type {import("./shell/servery-app.js").ServeryApp} */ (
  document.querySelector("servery-app")
);
const store = makeStore(INITIAL);
const flow = new Flow(
  store,
  () => import("./insight/index.js"),
  () => import("./batch/index.js"),
);

store.subscribe((state) => {
  page.state = state;
});

/** @type {Record<string, (detail: any) => void>} */
const wishes = {
  type: ({ name, typed }) => flow.type(name, typed),
  fill: ({ draft, notice }) => flow.fill(draft, notice),
  ask: () => flow.ask(true),
  retry: () => flow.retry(),
  threshold: (threshold) => flow.tryThreshold(threshold),
  notice: (notice) => flow.notice(notice),
  say: (words) => flow.say(words),
  prepare: (change) => flow.prepare(change),
  point: (name) => flow.point(name),
  choose: (name) => flow.choose(name),
  explain: (output) => flow.explain(output),
  look: (part) => flow.look(part),
  seek: (target) => flow.seek(target),
  pin: (draft) => flow.pin(draft),
  batch: ([act, what]) => flow.batch?.grant(act, what),
};
for (const [wish, grant] of Object.entries(wishes)) {
  page.addEventListener(`servery:${wish}`, (event) =>
    grant(/** @type {CustomEvent} */ (event).detail),
  );
}

flow.start();
