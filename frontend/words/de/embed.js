/** Words for a model within another page. */

export const openInServery = "In Servery öffnen";
