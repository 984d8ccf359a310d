/** Words for the menu of languages. */

export const language = "Sprache";
