/** The language of this catalogue: its tag, as `Intl` takes it. */

export const LOCALE = "fr";
