import * as common from "#words/common";
import * as say from "#words/add";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { faultsOf, publishCommand, DEFAULTS, tryCommand } from "./publish-form.js";
import "./servery-command.js";

/** @typedef {import("./publish-form.js").PublishForm} PublishForm */
/** @typedef {{title: string, what: string, pieces: import("./publish-form.js").Piece[]}} Step */

/** @type {{field: keyof PublishForm, label: string, help: string}[]} */
const FIELDS = [
  { field: "file", label: say.modelFile, help: say.fileHelp },
  { field: "name", label: say.modelName, help: say.nameHelp },
  {
    field: "data",
    label: say.trainingTable,
    help: say.tableHelp,
  },
  {
    field: "target",
    label: say.targetColumn,
    help: say.targetHelp,
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
        <h1>${common.addYourModel}</h1>
        <p>${say.addLead}</p>
      </div>
      <div class="workbench">
        <form class="names" aria-label=${say.yourNames} @submit=${stay}>
          <h2>${say.yourModel}</h2>
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
  title: say.serve,
  what: say.serveHelp,
  pieces: [{ plain: "servery serve models", filled: "" }],
};

/**
 * @param {PublishForm} form
 * @returns {Step}
 */
function tryIt(form) {
  return {
    title: common.tryIt,
    what: say.tryHelp,
    pieces: tryCommand(form),
  };
}

/**
 * @param {PublishForm} form
 * @returns {Step}
 */
function publishIt(form) {
  const name = form.name.trim();
  const folder = name ? `models/${name}` : say.folderNamedAfterFile;
  return {
    title: say.publish,
    what: say.publishHelp(folder),
    pieces: publishCommand(form),
  };
}

/** @param {Step} step */
function step({ title, what, pieces }) {
  return html`
    <h2>${title}</h2>
    <p>${what}</p>
    <servery-command .pieces=${pieces} what=${say.commandNamed(title)}></servery-command>
  `;
}

function goodToKnow() {
  return html`
    <div class="good-to-know">
      <section>
        <h2>${say.supportedFiles}</h2>
        <dl class="facts">
          <div><dt>scikit-learn</dt><dd><code>.joblib</code> <code>.pkl</code> <code>.pickle</code> <code>.sav</code> <code>.skops</code></dd></div>
          <div><dt>XGBoost</dt><dd><code>.json</code> <code>.ubj</code></dd></div>
          <div><dt>LightGBM</dt><dd><code>.txt</code></dd></div>
          <div><dt>CatBoost</dt><dd><code>.cbm</code></dd></div>
          <div><dt>ONNX</dt><dd><code>.onnx</code></dd></div>
          <div><dt>${say.plans}</dt><dd>${say.plansHelp(html`<code>.plan</code>`, html`<code>servery convert</code>`)}</dd></div>
          <div><dt>${say.tables}</dt><dd>${say.tablesHelp}</dd></div>
        </dl>
      </section>
      <section>
        <h2>${say.beforeItIsServed}</h2>
        <p>${say.checkHelp(html`<code>servery check models</code>`)}</p>
      </section>
      <section>
        <h2>${say.whyNotUpload}</h2>
        <p>
          ${say.whyNotUploadText}
        </p>
      </section>
    </div>
  `;
}
