/** The one place that holds state: a frozen object, replaced whole by each transition. */

/** @typedef {import("../shell/state.js").State} State */

/**
 * @param {State} initial
 */
export function makeStore(initial) {
  let state = Object.freeze(initial);
  /** @type {Set<(state: State) => void>} */
  const listeners = new Set();
  return {
    /** @returns {State} */
    get state() {
      return state;
    },
    /**
     * @template Told
     * @param {(state: State, fact: Told) => State} transition
     * @param {Told} fact
     */
    apply(transition, fact) {
      state = Object.freeze(transition(state, fact));
      for (const listener of listeners) listener(state);
    },
    /** @param {(state: State) => void} listener */
    subscribe(listener) {
      listeners.add(listener);
      listener(state);
    },
  };
}

/** @typedef {ReturnType<typeof makeStore>} Store */
