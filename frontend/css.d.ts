/** A style sheet that a lazy module brings with it: Vite links it before the module runs. */
declare module "*.css";
