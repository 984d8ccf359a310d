/** Words for the menu of languages. */

export const language = "语言";
