/** Records what changes in the form, and goes back and forth through it. */

import * as transition from "./state.js";

/** @typedef {import("../ask/flow.js").AskFlow} AskFlow */
/** @typedef {import("../shell/flow.js").Feature} Feature */

/** @implements {Feature} */
export class HistoryFlow {
  /** @type {AskFlow | null} */
  #ask = null;

  /** @param {import("../shell/flow.js").Shell} shell */
  constructor({ store }) {
    this.store = store;
    /** @type {NonNullable<Feature["handlers"]>} */
    this.handlers = {
      // By now, the form has changed: its own handlers come before these.
      type: ({ name }) => store.apply(transition.changed, name),
      fill: () => store.apply(transition.changed, null),
      complete: () => store.apply(transition.closed, undefined),
      undo: () => this.#go(transition.undone),
      redo: () => this.#go(transition.redone),
    };
  }

  /** @param {AskFlow} ask whose form is shown, with the question that it begins with */
  begin(ask) {
    this.#ask = ask;
    this.store.apply(transition.begun, undefined);
  }

  /** @param {typeof transition.undone} step */
  #go(step) {
    const before = transition.historyOf(this.store.state);
    this.store.apply(step, undefined);
    const after = transition.historyOf(this.store.state);
    if (after && after !== before) this.#ask?.fill(after.present, "", "replace");
  }
}
