import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

const WORDS = new URL("../words/", import.meta.url);
const LANGUAGES = readdirSync(WORDS).filter((each) => each !== "en");
const FILES = readdirSync(new URL("en/", WORDS));

/**
 * @param {string} language
 * @param {string} file
 * @returns {Promise<Record<string, unknown>>}
 */
const catalogue = (language, file) => import(new URL(`${language}/${file}`, WORDS).href);

/** What is looked for in a sentence. */
const VALUES = ["⟨a⟩", "⟨b⟩", "⟨c⟩", "⟨d⟩", "⟨e⟩", "⟨f⟩"];
const COUNTS = [3, 4, 5, 6, 7, 8];

/**
 * @param {unknown} sentence
 * @param {unknown[]} values
 * @returns {string} what is read; a link or a list of pieces as text
 */
function said(sentence, values) {
  if (typeof sentence !== "function") return `${sentence}`;
  const found = sentence(...values);
  return Array.isArray(found) ? found.join("") : `${found}`;
}

/**
 * @param {unknown} sentence
 * @returns {(string | null)[]} what it says with texts, with numbers, and with functions for links;
 *   null where it takes something else
 */
function readings(sentence) {
  const links = VALUES.map((value) => () => value);
  return [VALUES, COUNTS, links].map((values) => {
    try {
      return said(sentence, values);
    } catch {
      return null;
    }
  });
}

/** @param {string | null | undefined} text */
const valuesIn = (text) => [...new Set(text?.match(/⟨.⟩|\d+/gu))].sort();

const isPlain = (/** @type {string} */ text) => /^[\p{L}\d ⟨⟩,.:()%“”–-]*$/u.test(text);
/** Names of things that are called the same in every language, or close to it. */
const ALIKE =
  /^(?:API|(?:NaN )?minutes|Calibration|(?:NaN )?Classes|Licence|Scores?|Version|Versions|Precision|Recall|Type|Test|Median|Training|Source|ONNX Runtime|Actions?|Dates?|Plans|Tables|Classe?|Text|Hits|Name|No)$/i;

for (const language of LANGUAGES) {
  test(`${language} says every sentence, with the same values`, async () => {
    assert.deepEqual(readdirSync(new URL(`${language}/`, WORDS)), FILES);
    for (const file of FILES.filter((each) => each !== "language.js")) {
      const [english, other] = await Promise.all([
        catalogue("en", file),
        catalogue(language, file),
      ]);
      assert.deepEqual(Object.keys(other).sort(), Object.keys(english).sort(), file);
      for (const [name, sentence] of Object.entries(english)) {
        const ours = readings(other[name]);
        readings(sentence).forEach((theirs, at) => {
          if (theirs === null || ours[at] === null) return;
          assert.deepEqual(valuesIn(ours[at]), valuesIn(theirs), `${file}: ${name}`);
        });
      }
    }
  });

  test(`${language} leaves no sentence in English`, async () => {
    for (const file of FILES.filter((each) => each !== "language.js")) {
      const [english, other] = await Promise.all([
        catalogue("en", file),
        catalogue(language, file),
      ]);
      const same = Object.keys(english).filter((name) => {
        const [theirs, ours] = [english[name], other[name]].map((each) => readings(each)[0]);
        const words = (theirs ?? "").replace(/⟨.⟩|[^\p{L} ]/gu, "").trim();
        return ours === theirs && isPlain(words) && words !== "" && !ALIKE.test(words);
      });
      assert.deepEqual(same, [], file);
    }
  });
}
