import * as common from "#words/common";
import * as say from "#words/inputs";
import { html, nothing } from "lit";
import { live } from "../lib/live.js";
import { quantity, tick, withUnit } from "../lib/format.js";
import { Touch } from "../lib/touch.js";
import { WiredElement } from "./input-element.js";
import { numberIn } from "./number-text.js";
import { beyond, snapped, span, stepOf, stepped } from "./range.js";
import "./servery-histogram.js";

/** @typedef {import("../lib/types.js").Input} Input */

/** @type {Record<string, number>} */
const BOX_KEYS = { ArrowUp: 1, ArrowDown: -1 };
/** @type {Record<string, number>} */
const SLIDER_KEYS = { ...BOX_KEYS, ArrowRight: 1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };

/** A number: a box that keeps what was typed, a slider, and how training values are spread. */
export class ServeryNumberInput extends WiredElement {
  #touch = new Touch();
  #untouched = "";

  render() {
    const { input, wiring } = this;
    if (!input) return nothing;
    return html`
      <div class="number-row">
        <label for=${wiring.id}>${input.label}</label>
        <span class="box">
          <input id=${wiring.id} type="text" inputmode=${keypad(input)} autocomplete="off"
            spellcheck="false" .value=${live(this.typed)}
            placeholder=${input.missing_allowed && wiring.typed === null ? common.notKnown : nothing}
            aria-invalid=${wiring.invalid} aria-describedby=${this.described}
            @keydown=${this.#nudge} />
          ${input.unit ? html`<span class="unit">${input.unit}</span>` : nothing}
        </span>
      </div>
      ${this.#slider(input)}
    `;
  }

  /** @param {Input} input */
  #slider(input) {
    const range = span(input);
    if (!range) return nothing;
    const at = numberIn(input, this.typed);
    const isSet = Number.isFinite(at);
    const outside = beyond(range, at);
    const words = withUnit(quantity(at, null), input.unit);
    return html`
      <div class="slider" data-unset=${isSet ? nothing : ""} data-beyond=${outside ?? nothing}
        data-approximate=${range.about.low || range.about.high ? "" : nothing}>
        <servery-histogram .stats=${input.training_stats} .range=${range}
          .at=${isSet && !outside ? at : null}></servery-histogram>
        <input type="range" aria-label=${say.slider(input.label)}
          min=${range.low} max=${range.high} step="any"
          .value=${live(String(isSet ? at : (input.typical ?? range.low)))}
          aria-valuetext=${isSet ? `${words}${outside ? `, ${say.beyondThisSlider}` : ""}` : say.notSet}
          @input=${this.#slide} @keydown=${this.#nudge} @pointerdown=${this.#press} @pointermove=${this.#settle}
          @pointerup=${this.#settle} @pointercancel=${this.#settle} />
        <div class="ends" aria-hidden="true">
          <span>${end(range.low, range.about.low)}</span>
          ${outside ? html`<span class="beyond">${words}: ${say.beyondThisSlider}</span>` : nothing}
          <span>${end(range.high, range.about.high)}</span>
        </div>
      </div>
    `;
  }

  /**
   * The arrow keys step the number itself, within the hard limits.
   * @param {KeyboardEvent & {currentTarget: HTMLInputElement}} event
   */
  #nudge(event) {
    const { input } = this;
    const range = input && span(input);
    const isSlider = event.currentTarget.type === "range";
    const steps = (isSlider ? SLIDER_KEYS : BOX_KEYS)[event.key];
    if (!steps || !range) return;
    event.preventDefault();
    const at = numberIn(input, this.typed);
    const next = Number.isFinite(at)
      ? stepped(input, at, steps * stepOf(input, range))
      : (input.typical ?? range.low);
    const { low, high } = range;
    const typed = String(isSlider ? Math.min(high, Math.max(low, Number(next))) : next);
    this.emit("type", { name: input.name, typed });
  }

  /** @param {PointerEvent & {currentTarget: HTMLInputElement}} event */
  #press(event) {
    this.#touch.begin(event);
    this.#untouched = event.currentTarget.value;
  }

  /** @param {Event & {currentTarget: HTMLInputElement}} event */
  #slide(event) {
    const { currentTarget: slider } = event;
    const { input } = this;
    const range = input && span(input);
    if (this.#touch.isOpen) event.stopPropagation();
    else if (range) slider.value = String(snapped(input, range, Number(slider.value)));
  }

  /** @param {PointerEvent & {currentTarget: HTMLInputElement}} event */
  #settle(event) {
    if (!this.#touch.isOpen) return;
    const { currentTarget: slider } = event;
    const counts = this.#touch.settles(event);
    if (this.#touch.isOpen || slider.value === this.#untouched) return;
    if (counts) slider.dispatchEvent(new Event("input", { bubbles: true }));
    else slider.value = this.#untouched;
  }
}

customElements.define("servery-number-input", ServeryNumberInput);

/**
 * The number pads of some phones have no minus sign.
 * @param {Input} input
 */
function keypad({ type, minimum }) {
  if (typeof minimum !== "number" || minimum < 0) return "text";
  return type === "integer" ? "numeric" : "decimal";
}

/**
 * @param {number} value
 * @param {boolean} isAbout nobody knows it exactly
 */
function end(value, isAbout) {
  return isAbout ? say.approximately(tick(value, 4)) : tick(value, 4);
}
