/** Splits code into what is coloured alike: enough for short examples, without a parser. */

/** @typedef {"comment" | "name" | "string" | "number" | "word" | ""} Kind */
/** @typedef {{kind: Kind, text: string}} Token */

const WORDS =
  "as|await|body|const|curl|false|False|for|from|headers|if|import|in|library|method|new|None|null|print|request|return|true|True|with";

/** The first alternative that fits counts: a word within a text is part of the text. */
const PARTS = new RegExp(
  [
    String.raw`(?<comment>^[ \t]*#.*$)`,
    String.raw`(?<name>"(?:[^"\\\n]|\\.)*"(?=:))`,
    String.raw`(?<string>"(?:[^"\\\n]|\\.)*")`,
    String.raw`(?<number>(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.]))`,
    String.raw`(?<word>(?<![\w.-])(?:${WORDS})(?![\w-]))`,
  ].join("|"),
  "gm",
);

/**
 * @param {string} code
 * @returns {Token[]} that make the code again when they are joined
 */
export function tokensOf(code) {
  /** @type {Token[]} */
  const tokens = [];
  let at = 0;
  for (const match of code.matchAll(PARTS)) {
    if (match.index > at) tokens.push({ kind: "", text: code.slice(at, match.index) });
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? [
      "",
    ];
    tokens.push({ kind: /** @type {Kind} */ (kind), text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < code.length) tokens.push({ kind: "", text: code.slice(at) });
  return tokens;
}
