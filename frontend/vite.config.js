import { defineConfig } from "vite";

// The page is blank without its script: painting waits for it, so that a stored choice of light or
// dark never flashes in the wrong colours.
const paintWithScript = {
  name: "paint-with-script",
  /** @type {import("vite").IndexHtmlTransformHook} */
  transformIndexHtml(html, { path }) {
    const tag = '<script type="module"';
    return path === "/index.html" ? html.replace(tag, `${tag} blocking="render"`) : html;
  },
};

// What every page needs is one file, and what every page of a model needs is another. What only a
// pasted row, the search of the gallery or a command line needs is in neither.
const groups = [
  {
    name: "frame",
    test: /frontend\/(gallery\/(?!search)\w+\.js|lib\/(?!posix)|shell|ask\/state)|node_modules\/(@lit|lit)|vite\/preload/,
    priority: 2,
  },
  { name: "ask", test: /frontend\/(ask|inputs)\/(?!paste)/, priority: 1 },
];

// A relative base lets the folder live at any address, a sub-folder of a static host included.
export default defineConfig({
  base: "./",
  publicDir: "public",
  plugins: [{ ...paintWithScript, enforce: "post" }],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: { app: "index.html", docs: "docs/index.html" },
      output: { codeSplitting: { groups, includeDependenciesRecursively: false } },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000", "/openapi.json": "http://127.0.0.1:8000" } },
});
