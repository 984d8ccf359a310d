/** Shows a text where the browser forbids copying, which few do: fetched when one does. */

import { html, render } from "lit";
import "./copy-by-hand.css";

/** @param {import("./servery-copy.js").ServeryCopy} element whose text is to be copied */
export function show(element) {
  const dialog = document.createElement("dialog");
  dialog.ariaLabel = `Copy ${element.what}`;
  dialog.addEventListener("close", () => dialog.remove());
  render(
    html`<form method="dialog">
      <label>This browser does not allow copying. Copy the text yourself:
        <textarea readonly rows="4" .value=${element.text}></textarea>
      </label>
      <button>Close</button>
    </form>`,
    dialog,
  );
  element.append(dialog);
  dialog.showModal();
  dialog.querySelector("textarea")?.select();
}
