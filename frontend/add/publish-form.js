/** The commands that add a model, filled with the names that a reader typed. */

import * as say from "#words/add";
import { pathWord, word } from "../lib/posix.js";

/** @typedef {{file: string, name: string, data: string, target: string}} PublishForm */
/** @typedef {{plain: string, filled: string}} Piece words of ours, then one of the reader's */

const MODEL_FILE =
  /\.(joblib|pkl|pickle|sav|skops|plan|json|ubj|txt|cbm|onnx)(\.(gz|z|bz2|xz|lzma))?$/i;
// A name is a folder and part of `name@version`.
const MODEL_NAME = /^[^\s.@/\\][^@/\\]{0,99}$/;

/** @type {PublishForm} */
export const DEFAULTS = {
  file: "model.joblib",
  name: "my-model",
  data: "train.csv",
  target: "price",
};

/**
 * @param {PublishForm} form
 * @returns {Piece[]}
 */
export function tryCommand({ file }) {
  return [{ plain: "servery serve", filled: pathWord(file.trim() || DEFAULTS.file) }];
}

/**
 * @param {PublishForm} form
 * @returns {Piece[]} without what was left empty; a target has a meaning only beside its table
 */
export function publishCommand({ file, name, data, target }) {
  const pieces = [{ plain: "servery publish", filled: pathWord(file.trim() || DEFAULTS.file) }];
  if (name.trim()) pieces.push({ plain: "--name", filled: word(name.trim()) });
  if (data.trim()) pieces.push({ plain: "--data", filled: pathWord(data.trim()) });
  if (data.trim() && target) pieces.push({ plain: "--target", filled: word(target) });
  return pieces;
}

/**
 * @param {Piece[]} pieces
 * @returns {string} the command as one line
 */
export function lineOf(pieces) {
  return pieces.map(({ plain, filled }) => [plain, filled].filter(Boolean).join(" ")).join(" ");
}

/**
 * @param {PublishForm} form
 * @returns {Partial<PublishForm>} what is wrong, by field
 */
export function faultsOf({ file, name }) {
  /** @type {Partial<PublishForm>} */
  const faults = {};
  if (file.trim() && !MODEL_FILE.test(file.trim())) {
    faults.file = say.expectedFileName;
  }
  if (name.trim() && !MODEL_NAME.test(name.trim())) {
    faults.name = say.expectedModelName;
  }
  return faults;
}

/**
 * @param {import("../shell/state.js").State} state
 * @param {Partial<PublishForm>} change
 * @returns {import("../shell/state.js").State}
 */
export function edited(state, change) {
  return { ...state, publishForm: { ...state.publishForm, ...change } };
}
