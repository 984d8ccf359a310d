import js from "@eslint/js";
import globals from "globals";
import wordsInCatalogue from "./lint/words-in-catalogue.js";

export default [
  { ignores: ["dist/", "node_modules/"] },
  js.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    // Other programs run the client and the code of examples; Swagger UI speaks English only.
    ignores: [
      "*.js",
      "code/snippets.js",
      "code/client-snippets.js",
      "docs/**",
      "lib/client.js",
      "lint/**",
      "public/**",
      "tests/**",
      "words/**",
    ],
    plugins: { servery: { rules: { "words-in-catalogue": wordsInCatalogue } } },
    rules: { "servery/words-in-catalogue": "error" },
  },
];
