/** Words for a model within another page. */

export const openInServery = "Abrir en Servery";
