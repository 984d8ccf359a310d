/**
 * An ESLint rule: what people read stands in `words/`, once for each language, and nowhere else.
 * Code, names of products and names of keys are the same in every language.
 */

const READ = /(?:^|\s)(?:aria-label|aria-valuetext|title|placeholder|alt|label|what)="([^"$]+)"/g;
const WORD = /\p{L}{2}/u;
/** Begins as a sentence or a title does. */
const TITLE = /^\p{Lu}\p{Ll}+(?:[ ,.:;?!’…]|$)/u;
/** Ends as a sentence does. */
const SENTENCE = /\p{L} .*\p{L}[.?!…]$/u;
const NAMES =
  /^(?:Servery|API|scikit-learn|XGBoost|LightGBM|CatBoost|ONNX(?: Runtime)?|Python(?: client)?|JavaScript|curl|R|KServe|MLflow|MCP)$/;
const KEYS =
  /^(?:Arrow(?:Up|Down|Left|Right)|Page(?:Up|Down)|Home|End|Enter|Escape|Tab|Files|Content-Type)$/;

/** @param {string} text */
function isSaid(text) {
  const words = text.trim();
  return WORD.test(words) && !NAMES.test(words) && !KEYS.test(words);
}

/**
 * @param {string} markup of a template, without what is put into it
 * @returns {string[]} the texts that a browser shows or reads out
 */
function textsIn(markup) {
  const plain = markup.replace(/<(code|pre)\b[^>]*>.*?<\/\1>/gs, "");
  const tags = plain.match(/<[^>]*>/g) ?? [];
  const read = tags.flatMap((tag) => Array.from(tag.matchAll(READ), ([, text = ""]) => text));
  return [...plain.split(/<[^>]*>/), ...read]
    .map((text) => text.replace(/&\w+;/g, ""))
    .filter(isSaid);
}

export default {
  meta: {
    type: "problem",
    messages: { move: "“{{text}}” belongs in words/, so that it can be said in each language." },
    schema: [],
  },
  /** @param {import("eslint").Rule.RuleContext} context */
  create(context) {
    const report = (/** @type {any} */ node, /** @type {string} */ text) =>
      context.report({ node, messageId: "move", data: { text: text.trim().slice(0, 60) } });
    const check = (/** @type {any} */ node, /** @type {string} */ text) => {
      if (isSaid(text) && (TITLE.test(text) || SENTENCE.test(text))) report(node, text);
    };
    return {
      /** @param {any} node */
      TaggedTemplateExpression(node) {
        if (!["html", "svg"].includes(node.tag.name)) return;
        // What is put in is a number here: it may stand between quotes, tags and words.
        const markup = node.quasi.quasis.map((/** @type {any} */ each) => each.value.raw).join("0");
        textsIn(markup).forEach((text) => report(node, text));
      },
      /** @param {any} node */
      TemplateLiteral(node) {
        if (node.parent.type === "TaggedTemplateExpression") return;
        check(node, node.quasis.map((/** @type {any} */ each) => each.value.raw).join("0"));
      },
      /** @param {any} node */
      Literal(node) {
        const isName = /^(?:Import|Export)/.test(node.parent.type);
        if (typeof node.value === "string" && !isName) check(node, node.value);
      },
    };
  },
};
