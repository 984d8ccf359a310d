import * as say from "#words/insight";
import { html, nothing, svg } from "lit";
import { CurvedElement } from "./curved-element.js";
import { quantity, tick } from "../lib/format.js";
import { Touch } from "../lib/touch.js";
import { numberIn } from "../inputs/number-text.js";
import { heightAt } from "./state.js";
import { ticks, valueText } from "./measure.js";
import { snapped, stepOf } from "../inputs/range.js";

/** @typedef {import("../lib/types.js").CurvePoint} CurvePoint */
/** @typedef {{left: number, right: number, top: number, bottom: number}} Box */

const HEIGHT = 200;
const LETTER = 7;
const EDGE = { right: 12, top: 12, bottom: 26 };
const LEAST_SHARE = 0.1;
const KEYS = new Map([
  ["ArrowRight", 1],
  ["ArrowUp", 1],
  ["ArrowLeft", -1],
  ["ArrowDown", -1],
  ["PageUp", 10],
  ["PageDown", -10],
  ["Home", -Infinity],
  ["End", Infinity],
]);

/**
 * The answer as one number moves: its own line, the average behind it, and a marker that is dragged
 * or moved by the arrow keys to change the number.
 */
export class ServeryCurve extends CurvedElement {
  static properties = {
    ...CurvedElement.properties,
    width: { state: true },
  };

  #touch = new Touch();

  constructor() {
    super();
    this.width = 0;
    this.sizes = new ResizeObserver(() => this.#measure());
  }

  connectedCallback() {
    super.connectedCallback();
    this.#measure();
    this.sizes.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  #measure() {
    this.width = this.clientWidth;
  }

  render() {
    const { input, points, measure, width } = this;
    const [first, last] = [Number(points[0]?.value), Number(points.at(-1)?.value)];
    if (!input || !measure || !width || !(first < last)) return html`<div class="curve"></div>`;
    const heights = this.#heights();
    const labels = ticks(heights.low, heights.high);
    const longest = Math.max(...labels.map((each) => axisWords(each, measure).length));
    const box = {
      left: LETTER * longest + 10,
      right: width - EDGE.right,
      top: EDGE.top,
      bottom: HEIGHT - EDGE.bottom,
    };
    const x = (/** @type {number} */ value) =>
      box.left + ((value - first) / (last - first)) * (box.right - box.left);
    const y = (/** @type {number} */ value) =>
      box.bottom - ((value - heights.low) / (heights.high - heights.low)) * (box.bottom - box.top);
    return html`
      <svg class="curve" viewBox=${`0 0 ${width} ${HEIGHT}`} width=${width} height=${HEIGHT}
        @pointerdown=${(/** @type {PointerEvent} */ event) => this.#drag(event, box)}
        @pointermove=${(/** @type {PointerEvent} */ event) => this.#move(event, box)}
        @pointerup=${(/** @type {PointerEvent} */ event) => this.#settle(event, box)}
        @pointercancel=${(/** @type {PointerEvent} */ event) => this.#settle(event, box)}>
        <g class="axes" aria-hidden="true">
          ${labels.map((each) => heightMark(y(each), axisWords(each, measure), box))}
          ${ticks(first, last, width < 380 ? 3 : 5).map((each) => valueMark(x(each), each, box))}
        </g>
        <polyline class="accumulated" points=${lineOf(points, "accumulated", x, y)}></polyline>
        <polyline class="average" points=${lineOf(points, "average", x, y)}></polyline>
        <polyline class="prediction" points=${lineOf(points, "prediction", x, y)}></polyline>
        ${this.#marker(first, last, x, y, box)}
      </svg>
    `;
  }

  /** The room of both lines; of shares never so little that a breath looks like a storm. */
  #heights() {
    const all = this.points.flatMap(({ prediction, average, accumulated }) => [
      prediction,
      average,
      accumulated ?? average,
    ]);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    const isShare = this.measure?.kind === "share";
    const lack = Math.max(0, (isShare ? LEAST_SHARE : 0) - (most - least)) / 2;
    const margin = 0.06 * (most - least) + lack || 1;
    const [low, high] = [least - margin, most + margin];
    return isShare ? { low: Math.max(0, low), high: Math.min(1, high) } : { low, high };
  }

  /**
   * @param {number} first
   * @param {number} last
   * @param {(value: number) => number} x
   * @param {(value: number) => number} y
   * @param {Box} box
   */
  #marker(first, last, x, y, box) {
    const { input, measure } = this;
    if (!input || !measure) return nothing;
    const value = numberIn(input, this.typed);
    if (!Number.isFinite(value)) return nothing;
    const at = Math.min(last, Math.max(first, value));
    const height = heightAt(this.points, at, "prediction");
    const words = `${valueText(input, value)}: ${measure.figure(height)}`;
    return svg`
      <g class="marker" role="slider" tabindex="0" aria-label=${say.onTheCurve(input.label)}
        aria-orientation="horizontal" aria-valuemin=${first} aria-valuemax=${last} aria-valuenow=${at}
        aria-valuetext=${words} data-beyond=${at === value ? nothing : ""}
        @keydown=${this.#step}>
        <line x1=${x(at)} x2=${x(at)} y1=${box.top} y2=${box.bottom}></line>
        <circle class="halo" cx=${x(at)} cy=${y(height)} r="16"></circle>
        <circle cx=${x(at)} cy=${y(height)} r="7"></circle>
      </g>
    `;
  }

  /**
   * @param {PointerEvent} event
   * @param {Box} box
   */
  #drag(event, box) {
    if (event.button !== 0) return;
    const svgElement = /** @type {SVGSVGElement} */ (event.currentTarget);
    svgElement.setPointerCapture(event.pointerId);
    /** @type {SVGGElement | null} */ (svgElement.querySelector(".marker"))?.focus({
      preventScroll: true,
    });
    event.preventDefault();
    this.#touch.begin(event);
    if (!this.#touch.isOpen) this.#moveTo(event, box);
  }

  /**
   * @param {PointerEvent} event
   * @param {Box} box
   */
  #move(event, box) {
    const svgElement = /** @type {SVGSVGElement} */ (event.currentTarget);
    if (this.#touch.isOpen) this.#settle(event, box);
    else if (svgElement.hasPointerCapture(event.pointerId)) this.#moveTo(event, box);
  }

  /**
   * @param {PointerEvent} event
   * @param {Box} box
   */
  #settle(event, box) {
    if (this.#touch.settles(event)) this.#moveTo(event, box);
  }

  /**
   * @param {PointerEvent} event
   * @param {Box} box
   */
  #moveTo(event, { left, right }) {
    const { first, last } = this.#ends();
    const edge = /** @type {Element} */ (event.currentTarget).getBoundingClientRect().left;
    const share = (event.clientX - edge - left) / (right - left);
    this.#take(first + Math.min(1, Math.max(0, share)) * (last - first));
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const steps = KEYS.get(event.key);
    if (steps === undefined || !this.input) return;
    event.preventDefault();
    const { first, last } = this.#ends();
    this.#take(
      numberIn(this.input, this.typed) + steps * stepOf(this.input, { low: first, high: last }),
    );
  }

  #ends() {
    const { points } = this;
    return { first: Number(points[0]?.value), last: Number(points.at(-1)?.value) };
  }

  /** @param {number} value to be rounded to a whole step within the range */
  #take(value) {
    const { input } = this;
    if (!input) return;
    const { first, last } = this.#ends();
    const taken = snapped(input, { low: first, high: last }, value);
    const typed = String(taken);
    if (typed !== this.typed) this.emit("type", { name: input.name, typed });
  }
}

customElements.define("servery-curve", ServeryCurve);

/**
 * @param {CurvePoint[]} points
 * @param {"prediction" | "average" | "accumulated"} line
 * @param {(value: number) => number} x
 * @param {(value: number) => number} y
 */
function lineOf(points, line, x, y) {
  return points
    .flatMap(({ value, [line]: height }) =>
      height === null ? [] : [`${x(Number(value)).toFixed(1)},${y(height).toFixed(1)}`],
    )
    .join(" ");
}

/**
 * @param {number} value
 * @param {import("./measure.js").Measure} measure
 */
function axisWords(value, { kind }) {
  return kind === "share" ? `${quantity(100 * value, null)}%` : quantity(value, null);
}

/**
 * @param {number} y
 * @param {string} words
 * @param {Box} box
 */
function heightMark(y, words, { left, right }) {
  return svg`
    <line x1=${left} x2=${right} y1=${y} y2=${y}></line>
    <text x=${left - 8} y=${y} text-anchor="end" dominant-baseline="middle">${words}</text>
  `;
}

/**
 * @param {number} x
 * @param {number} value
 * @param {Box} box
 */
function valueMark(x, value, { bottom }) {
  return svg`<text x=${x} y=${bottom + 18} text-anchor="middle">${tick(value)}</text>`;
}
