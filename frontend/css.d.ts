/** A style sheet that a lazy module brings with it: Vite links it before the module runs. */
declare module "*.css";

/** The languages of the page, English first. */
declare module "virtual:languages" {
  export const languages: readonly string[];
}

/** Where the page is in each language, English first. */
declare module "virtual:apps" {
  export const apps: Readonly<Record<string, string>>;
}
