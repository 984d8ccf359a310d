import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { faultsOf, publishCommand, DEFAULTS, tryCommand } from "./publish-form.js";
import "./servery-command.js";

/** @typedef {import("./publish-form.js").PublishForm} PublishForm */
/** @typedef {{title: string, what: string, pieces: import("./publish-form.js").Piece[]}} Step */

/** @type {{field: keyof PublishForm, label: string, help: string}[]} */
const FIELDS = [
  { field: "file", label: "Model file", help: "A saved estimator or pipeline." },
  { field: "name", label: "Model name", help: "Names its folder and its address." },
  {
    field: "data",
    label: "Training table",
    help: "Optional. It provides ranges, typical values and warnings.",
  },
  {
    field: "target",
    label: "Target column",
    help: "The column that the model predicts. Leave it empty for clustering or outlier detection.",
  },
];

/** How a model gets here: the commands, filled with the reader's own names. Property in:
 * `publishForm`, what was changed of the defaults. */
export class ServeryAdd extends PageElement {
  static properties = { publishForm: { attribute: false } };

  constructor() {
    super();
    /** @type {Partial<PublishForm>} */
    this.publishForm = {};
  }

  render() {
    const form = { ...DEFAULTS, ...this.publishForm };
    return html`
      <div class="intro">
        <h1>Add your model</h1>
        <p>One command turns a fitted model into a page like these; two publish it to a folder and serve that.</p>
      </div>
      <div class="workbench">
        <form class="names" aria-label="Your names" @submit=${stay}>
          <h2>Your model</h2>
          ${this.#fields(form)}
        </form>
        <div class="steps">
          <section class="step" data-mark="?">${step(tryIt(form))}</section>
          <ol>
            ${[publishIt(form), SERVE].map((each, at) => html`<li class="step" data-mark=${at + 1}>${step(each)}</li>`)}
          </ol>
        </div>
      </div>
      ${goodToKnow()}
    `;
  }

  /** @param {PublishForm} form */
  #fields(form) {
    const faults = faultsOf(form);
    return FIELDS.map(({ field, label, help }) => {
      const fault = faults[field];
      const id = `add-${field}`;
      return html`
        <div class="field">
          <label for=${id}>${label}</label>
          <input id=${id} type="text" autocomplete="off" autocapitalize="off" spellcheck="false"
            .value=${form[field]} aria-invalid=${fault !== undefined}
            aria-describedby=${`${fault ? `${id}-fault ` : ""}${id}-help`}
            @input=${(/** @type {Event & {target: HTMLInputElement}} */ event) => this.emit("edit", { [field]: event.target.value })} />
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
  what: "Serves every model in the folder. A running server picks up a new one within two seconds.",
  pieces: [{ plain: "servery serve models", filled: "" }],
};

/**
 * @param {PublishForm} form
 * @returns {Step}
 */
function tryIt(form) {
  return {
    title: "Try it",
    what: "Serves the file until you stop the command. Nothing is saved.",
    pieces: tryCommand(form),
  };
}

/**
 * @param {PublishForm} form
 * @returns {Step}
 */
function publishIt(form) {
  const name = form.name.trim();
  const folder = name ? `models/${name}` : "a folder in models/ that is named after the file";
  return {
    title: "Publish",
    what: `Reads the inputs and outcomes from the model and writes its next version to ${folder}.`,
    pieces: publishCommand(form),
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
        <h2>Supported files</h2>
        <dl class="facts">
          <div><dt>scikit-learn</dt><dd><code>.joblib</code> <code>.pkl</code> <code>.pickle</code> <code>.sav</code> <code>.skops</code></dd></div>
          <div><dt>XGBoost</dt><dd><code>.json</code> <code>.ubj</code></dd></div>
          <div><dt>LightGBM</dt><dd><code>.txt</code></dd></div>
          <div><dt>CatBoost</dt><dd><code>.cbm</code></dd></div>
          <div><dt>ONNX</dt><dd><code>.onnx</code></dd></div>
          <div><dt>Plans</dt><dd><code>.plan</code>, written by <code>servery convert</code></dd></div>
          <div><dt>Tables</dt><dd>all that can be scored in a batch, such as CSV, Excel and Parquet</dd></div>
        </dl>
      </section>
      <section>
        <h2>Before it is served</h2>
        <p><code>servery check models</code> lists everything that would fail, model by model, before anyone sees it.</p>
      </section>
      <section>
        <h2>Why not upload it here?</h2>
        <p>
          Servery opens a model file in a sandboxed process and runs no code from it. But a model
          can give wrong answers, and everyone here would see them. That is why the administrator
          chooses which models are served, on the command line.
        </p>
      </section>
    </div>
  `;
}
