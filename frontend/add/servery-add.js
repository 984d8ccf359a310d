import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { faultsOf, publishCommand, RECIPE, tryCommand } from "./publish-form.js";
import "./servery-command.js";

/** @typedef {import("./publish-form.js").Recipe} Recipe */
/** @typedef {{title: string, what: string, pieces: import("./publish-form.js").Piece[]}} Step */

/** @type {{field: keyof Recipe, label: string, help: string}[]} */
const FIELDS = [
  { field: "file", label: "Model file", help: "A fitted estimator or pipeline, as it was saved." },
  { field: "name", label: "Model name", help: "Its folder and its address." },
  {
    field: "data",
    label: "Training table",
    help: "Gives ranges, typical values and warnings. May be left out.",
  },
  {
    field: "target",
    label: "Target column",
    help: "The column of the table that the model predicts; empty if it groups rows or finds unusual ones.",
  },
];

/** How a model gets here: the commands, filled with the reader's own names. Property in: `recipe`. */
export class ServeryAdd extends PageElement {
  static properties = { recipe: { attribute: false } };

  constructor() {
    super();
    /** @type {Recipe} */
    this.recipe = RECIPE;
  }

  render() {
    const { recipe } = this;
    return html`
      <div class="intro">
        <h1>Add your model</h1>
        <p>A fitted scikit-learn model becomes a page like these by two commands.</p>
      </div>
      <div class="workbench">
        <form class="names" aria-label="Your names" @submit=${stay}>
          <h2>What is yours</h2>
          ${this.#fields(recipe)}
        </form>
        <div class="steps">
          <section class="step" data-mark="?">${step(tryIt(recipe))}</section>
          <ol>
            ${[publishIt(recipe), SERVE].map((each, at) => html`<li class="step" data-mark=${at + 1}>${step(each)}</li>`)}
          </ol>
        </div>
      </div>
      ${goodToKnow()}
    `;
  }

  /** @param {Recipe} recipe */
  #fields(recipe) {
    const faults = faultsOf(recipe);
    return FIELDS.map(({ field, label, help }) => {
      const fault = faults[field];
      const id = `add-${field}`;
      return html`
        <div class="field">
          <label for=${id}>${label}</label>
          <input id=${id} type="text" autocomplete="off" autocapitalize="off" spellcheck="false"
            .value=${recipe[field]} aria-invalid=${fault !== undefined}
            aria-describedby=${`${fault ? `${id}-fault ` : ""}${id}-help`}
            @input=${(/** @type {Event & {target: HTMLInputElement}} */ event) => this.wish("prepare", { [field]: event.target.value })} />
          ${fault ? html`<p class="fault" id=${`${id}-fault`}>${fault}</p>` : nothing}
          <p class="help" id=${`${id}-help`}>${help}</p>
        </div>
      `;
    });
  }
}

customElements.define("servery-add", ServeryAdd);

/** @param {Event} event */
function stay(event) {
  event.preventDefault();
}

/** @type {Step} */
const SERVE = {
  title: "Serve",
  what: "Serves every model of the folder. A server that runs already shows the new one within two seconds.",
  pieces: [{ plain: "servery serve models", filled: "" }],
};

/**
 * @param {Recipe} recipe
 * @returns {Step}
 */
function tryIt(recipe) {
  return {
    title: "Just try it",
    what: "Serves the file by itself until you stop it; nothing is kept.",
    pieces: tryCommand(recipe),
  };
}

/**
 * @param {Recipe} recipe
 * @returns {Step}
 */
function publishIt(recipe) {
  const name = recipe.name.trim();
  const folder = name ? `models/${name}` : "a folder of models/ that is called as the file is";
  return {
    title: "Publish",
    what: `Reads inputs and outcomes out of the model and writes its next version into ${folder}.`,
    pieces: publishCommand(recipe),
  };
}

/** @param {Step} step */
function step({ title, what, pieces }) {
  return html`
    <h2>${title}</h2>
    <p>${what}</p>
    <servery-command .pieces=${pieces} what=${`“${title}” command`}></servery-command>
  `;
}

function goodToKnow() {
  return html`
    <div class="good-to-know">
      <section>
        <h2>What is taken</h2>
        <dl class="facts">
          <div><dt>Models</dt><dd><code>.joblib</code> <code>.pkl</code> <code>.pickle</code> <code>.skops</code></dd></div>
          <div><dt>Tables</dt><dd>CSV, TSV, Parquet</dd></div>
        </dl>
      </section>
      <section>
        <h2>Before it is served</h2>
        <p><code>servery check models</code> says everything that would fail, model by model, before anybody meets it.</p>
      </section>
      <section>
        <h2>Why not upload it here?</h2>
        <p>
          A model file is a program: opening it runs what is in it, and no audit catches
          everything. Whoever could upload one could run code on the server. So it comes in by the
          command line of whoever runs the server.
        </p>
      </section>
    </div>
  `;
}
