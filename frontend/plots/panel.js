/** The frame of every plot: a title, words, the plot, and a table that says the same. */

import * as common from "#words/common";
import { html, nothing } from "lit";

/** @typedef {unknown[]} Cells the first one heads its row */

/**
 * @param {object} panel
 * @param {string} panel.title
 * @param {unknown} panel.words
 * @param {unknown} panel.plot
 * @param {unknown} [panel.table]
 * @param {string} [panel.kind]
 */
export function panel({ title, words, plot, table = nothing, kind }) {
  return html`
    <figure class="panel" data-kind=${kind ?? nothing}>
      <figcaption>
        <h3>${title}</h3>
        ${words}
      </figcaption>
      ${plot} ${table}
    </figure>
  `;
}

/**
 * @param {string} caption
 * @param {string[]} heads
 * @param {Cells[]} rows
 * @param {(at: number) => unknown} [below] a row of its own that goes with one
 */
export function figures(caption, heads, rows, below = () => nothing) {
  return html`
    <details class="figures">
      <summary>${common.showTheNumbers}</summary>
      <div class="scroll" tabindex="0" role="region" aria-label=${caption}>
        <table>
          <caption class="visually-hidden">${caption}</caption>
          <thead>
            <tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr>
          </thead>
          <tbody>${rows.map((cells, at) => [line(cells), below(at)])}</tbody>
        </table>
      </div>
    </details>
  `;
}

/** @param {Cells} cells */
function line([head, ...cells]) {
  return html`<tr><th scope="row">${head}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
}
