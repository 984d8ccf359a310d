/** Shows a text where the browser forbids copying, which few do: fetched when one does. */

import * as say from "#words/copying";
import { html, render } from "lit";
import "./copy-by-hand.css";

/** @param {import("./servery-copy.js").ServeryCopy} element whose text is to be copied */
export function show(element) {
  const dialog = document.createElement("dialog");
  dialog.ariaLabel = say.copyOf(element.what);
  dialog.addEventListener("close", () => dialog.remove());
  render(
    html`<form method="dialog">
      <label>${say.copyByHand}
        <textarea readonly rows="4" .value=${element.text}></textarea>
      </label>
      <button>${say.close}</button>
    </form>`,
    dialog,
  );
  element.append(dialog);
  dialog.showModal();
  dialog.querySelector("textarea")?.select();
}
