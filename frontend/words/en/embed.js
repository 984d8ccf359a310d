/** Words for a model within another page. */

export const openInServery = "Open in Servery";
