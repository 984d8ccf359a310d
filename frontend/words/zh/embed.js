/** Words for a model within another page. */

export const openInServery = "在 Servery 中打开";
