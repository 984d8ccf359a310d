import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

// The page is blank without its script: painting waits for it, so that a stored choice of light or
// dark never flashes in the wrong colours.
const paintWithScript = {
  name: "paint-with-script",
  /** @type {import("vite").IndexHtmlTransformHook} */
  transformIndexHtml(html, { path }) {
    const tag = '<script type="module"';
    const lean = html.replace(/\n\s+/g, "\n");
    return path === "/index.html" ? lean.replace(tag, `${tag} blocking="render"`) : lean;
  },
};

// Indentation between the tags of a template is sent to every visitor and shown to none. What a
// template keeps is one line break, which is as good as any space.
const leanTemplates = {
  name: "lean-templates",
  apply: "build",
  /** @type {(code: string, id: string) => string | undefined} */
  transform(code, id) {
    const isOurs = id.endsWith(".js") && !/node_modules|snippets/.test(id);
    return isOurs ? code.replace(/\n\s+/g, "\n") : undefined;
  },
};

// Other pages and programs get the client as it is written: one module, with its documentation.
const clientForOthers = {
  name: "client-for-others",
  /** @this {import("vite").Rollup.PluginContext} */
  generateBundle() {
    const source = readFileSync(new URL("lib/client.js", import.meta.url), "utf8");
    this.emitFile({ type: "asset", fileName: "client.js", source });
  },
};

// What every page needs is one file, and what every page of a model needs is another. What only a
// pasted row, the search of the gallery or a command line needs is in neither.
const groups = [
  {
    name: "frame",
    test: /frontend\/(gallery\/(flow|gallery|state)\.js|lib\/(?!csv|posix|rates|styles)|shell\/(?!copy-by)|ask\/state)|node_modules\/(@lit|lit)(?!.*repeat|.*helpers)|vite\/preload/,
    priority: 2,
  },
  {
    name: "question",
    test: /frontend\/(ask|inputs)\/(?!ask\.js|headlines|long|paste|renewal|spoken|servery-((text|date)-input|alternatives|answer-(foot|bar)|doubt|notes|parts|paste|quantile-marker|scores|spoken))/,
    priority: 1,
  },
  { name: "figures", test: /frontend\/ask\/servery-(alternatives|parts|scores)/, priority: 1 },
  { name: "typed", test: /frontend\/inputs\/servery-(text|date)-input/, priority: 1 },
];

// A relative base lets the folder live at any address, a sub-folder of a static host included.
export default defineConfig({
  base: "./",
  publicDir: "public",
  plugins: [leanTemplates, clientForOthers, { ...paintWithScript, enforce: "post" }],
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
