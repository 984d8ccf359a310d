import * as say from "#words/shell";
import { html, nothing } from "lit";
import { StateElement } from "../lib/element.js";
import { ASK, PAGES } from "./pages.js";
import "./servery-model.js";
import { currentTheme, followTheme, switchTheme } from "./theme.js";

/** @typedef {import("./state.js").State} State */

/** The frame of every page. Property in: `state`. */
export class ServeryApp extends StateElement {
  render() {
    if (!this.state) return nothing;
    const { route } = this.state;
    const isEmbedded = route.page === "model" && route.isEmbedded;
    return html`
      ${isEmbedded ? nothing : this.#header(route.page)}
      <main id="main" tabindex="-1">${this.#page(this.state)}</main>
      ${isLoading(this.state) ? nothing : html`<footer>${say.disclaimer} <servery-languages></servery-languages> <servery-way-out .state=${this.state}></servery-way-out></footer>`}
      <p class="visually-hidden" role="status">
        ${this.state.announcement || html`<servery-spoken .state=${this.state}></servery-spoken>`}
      </p>
    `;
  }

  /** @param {string} page */
  #header(page) {
    return html`
      <header>
        <a class="skip" href="#main" @click=${this.#skip}>${say.skipToTheContent}</a>
        <a class="wordmark" href="#/">${mark()}<span>Servery</span></a>
        <nav aria-label=${say.main}>
          <a href="#/" aria-current=${page === "gallery" ? "page" : nothing}>${say.models}</a>
          <a href="#/add" aria-label=${say.addLink} aria-current=${page === "add" ? "page" : nothing}>${say.add}</a>
          <a href="./docs/">${say.api}</a>
          <button type="button" class="quiet theme" @click=${this.#switchTheme}>
            ${halfDisc()}<span class="visually-hidden">${currentTheme() === "dark" ? say.light : say.dark}</span>
          </button>
        </nav>
      </header>
    `;
  }

  firstUpdated() {
    followTheme(() => this.requestUpdate());
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const before = /** @type {State | null} */ (changed.get("state"));
    document.title = titleOf(this.state);
    if (before && placeOf(before) !== placeOf(this.state)) this.#arrive();
  }

  /** Another page: its top is in sight, and the keyboard starts there. */
  #arrive() {
    this.querySelector("main")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  /** @param {State} state */
  #page(state) {
    const { page } = state.route;
    if (page === "model") return html`<servery-model .state=${state}></servery-model>`;
    const known = PAGES.find(({ name }) => name === page);
    if (!known) return html`<servery-problem kind="unknown-page"></servery-problem>`;
    if (state.code[page] === "failed") {
      return html`<servery-problem kind="unreachable"></servery-problem>`;
    }
    return known.show(state);
  }

  /** @param {Event} event */
  #skip(event) {
    event.preventDefault();
    this.querySelector("main")?.focus();
  }

  #switchTheme() {
    switchTheme();
    this.requestUpdate();
  }
}

customElements.define("servery-app", ServeryApp);

/**
 * Until its page is there, the first answer included, the foot would only jump.
 * @param {State} state
 */
function isLoading({ route, gallery, model, answer, code }) {
  if (route.page === "unknown") return false;
  if (route.page === "gallery") return gallery.status === "loading";
  if (route.page !== "model") return !code[route.page];
  const isAnswering = answer.status === "asking" && !answer.prediction;
  return model.status === "loading" || (model.body && !code[ASK.name]) || isAnswering;
}

/** @param {State | null} state */
function titleOf(state) {
  if (state?.route.page !== "model") {
    const title = PAGES.find(({ name }) => name === state?.route.page)?.title;
    return title ? `${title} · Servery` : "Servery";
  }
  const { name, version } = state.route;
  const title = state.model.body?.title ?? name;
  return `${version ? say.pinnedTitle(title, version) : title} · Servery`;
}

/** @param {State | null} state */
function placeOf(state) {
  if (state?.route.page !== "model") return state?.route.page;
  return `model ${state.route.name}@${state.route.version ?? ""}`;
}

function halfDisc() {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="8.5"></circle><path d="M12 3.5a8.5 8.5 0 0 1 0 17z"></path>
  </svg>`;
}

function mark() {
  return html`<svg viewBox="0 0 32 32" aria-hidden="true">
    <path class="bell" d="M5 20a11 11 0 0 1 22 0z" />
    <path class="needle" d="M16 20 22 12" />
    <rect class="base" x="4" y="22" width="24" height="3" rx="1.5" />
  </svg>`;
}
