/** Words for a model within another page. */

export const openInServery = "Ouvrir dans Servery";
