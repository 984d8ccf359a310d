/** The pages, and the panels of a model's page: one line each. Its code is loaded when it is opened. */

import * as common from "#words/common";
import * as say from "#words/shell";
import { html } from "lit";
import { open as openGallery } from "../gallery/gallery.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./flow.js").Module} Module */

/**
 * @typedef {object} Page
 * @property {string} name in the address
 * @property {string} title
 * @property {() => Promise<Module>} load
 * @property {(state: State) => unknown} show
 */

/** @typedef {import("../lib/types.js").Facts["capabilities"][number]} Capability */
/** @typedef {Page & {capability?: Capability}} Panel that a version may not have */

/** @type {readonly Page[]} */
export const PAGES = [
  {
    name: "gallery",
    title: "",
    load: async () => ({ open: openGallery }),
    show: ({ gallery }) => html`<servery-gallery .gallery=${gallery}></servery-gallery>`,
  },
  {
    name: "add",
    title: common.addYourModel,
    load: () => import("../add/add.js"),
    show: ({ publishForm }) => html`<servery-add .publishForm=${publishForm}></servery-add>`,
  },
];

/** @type {readonly Panel[]} */
export const PANELS = [
  {
    name: "ask",
    title: common.ask,
    load: () => import("../ask/ask.js").then(({ open }) => ({ open })),
    show: (state) => html`<servery-ask .state=${state}></servery-ask>`,
  },
  {
    name: "batch",
    title: say.batch,
    capability: "batches",
    load: () => import("../batch/batch.js"),
    show: (state) => html`<servery-batch .state=${state}></servery-batch>`,
  },
  {
    name: "api",
    title: say.api,
    load: () => import("../code/code.js"),
    show: (state) => html`<servery-code .state=${state}></servery-code>`,
  },
  {
    name: "compare",
    title: say.compare,
    load: () => import("../compare/compare.js"),
    show: (state) => html`<servery-compare .state=${state}></servery-compare>`,
  },
  {
    name: "about",
    title: say.about,
    load: () => import("../about/about.js"),
    show: (state) => html`<servery-about .state=${state}></servery-about>`,
  },
];

/** Every panel of a model works on its question: the code of this one is always there. */
export const ASK = /** @type {Panel} */ (PANELS.find(({ name }) => name === "ask"));
