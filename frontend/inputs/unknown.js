import * as common from "#words/common";
import { html, nothing } from "lit";
import { live } from "../lib/live.js";

/**
 * A type that this page has never heard of: a box for any text. What the server expects of it, its
 * refusal says.
 * @type {import("./types.js").InputType}
 */
export const unknown = {
  title: common.value,
  control: ({ label }, { id, typed, invalid, described }) => html`
    <label for=${id}>${label}</label>
    <input id=${id} type="text" autocomplete="off" spellcheck="false" .value=${live(typed ?? "")}
      aria-invalid=${invalid} aria-describedby=${described || nothing} />
  `,
  read: (_input, typed) => ({ json: JSON.stringify(typed) }),
  words: (_input, typed) => typed,
  curve: null,
  isProse: false,
  readingOptions: [],
};
