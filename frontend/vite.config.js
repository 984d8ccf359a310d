import { readFileSync, readdirSync } from "node:fs";
import { build, defineConfig } from "vite";

const HERE = new URL(".", import.meta.url);
const ENGLISH = "en";
/** Each folder of words is a language; English, the first, is what others fall back to. */
const LANGUAGES = readdirSync(new URL("words/", HERE), { withFileTypes: true })
  .filter((each) => each.isDirectory())
  .map(({ name }) => name)
  .sort((one, other) => Number(other === ENGLISH) - Number(one === ENGLISH));

// The page is blank without its script: painting waits for it, so that a stored choice of light or
// dark never flashes in the wrong colours. The page in English is fetched with the choice of the
// language, not after it.
const paintWithScript = {
  name: "paint-with-script",
  /** @type {import("vite").IndexHtmlTransformHook} */
  transformIndexHtml(html, { path, bundle }) {
    const lean = html.replace(/\n\s+/g, "\n");
    if (path !== "/index.html") return lean;
    const tag = '<script type="module"';
    const app = Object.values(bundle ?? {}).find((each) => each.name === "app" && each.isEntry);
    const files = app ? [...app.imports, app.fileName].reverse() : [];
    const links = files.map((file) => `<link rel="modulepreload" crossorigin href="./${file}">\n`);
    return lean
      .replace(tag, `${tag} blocking="render"`)
      .replace("</head>", `${links.join("")}</head>`)
      .replace(/ crossorigin(?= )| \/(?=>)/g, "");
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
    const source = readFileSync(new URL("lib/client.js", HERE), "utf8");
    this.emitFile({ type: "asset", fileName: "client.js", source });
  },
};

/**
 * Words are chosen when the page is built, so that no page carries more than its own language.
 * @param {string} language
 * @returns {import("vite").Plugin}
 */
function wordsIn(language) {
  return {
    name: "words",
    enforce: "pre",
    resolveId(id) {
      if (id === "virtual:languages") return `\0${id}`;
      const [, file] = /^#words\/(\w+)$/.exec(id) ?? [];
      return file && new URL(`words/${language}/${file}.js`, HERE).pathname;
    },
    load: (id) =>
      id === "\0virtual:languages"
        ? `export const languages = ${JSON.stringify(LANGUAGES)};`
        : undefined,
  };
}

/**
 * The page in every other language, and the page of the API's document, are built with the page in
 * English: they share no file with it, so that none of them makes its first load larger.
 * @returns {import("vite").Plugin}
 */
function otherPages() {
  /** @type {import("vite").Rollup.RollupOutput[]} */
  let outputs = [];
  let isBuild = false;
  let app = "";
  return {
    name: "other-pages",
    enforce: "pre",
    configResolved({ command }) {
      isBuild = command === "build";
    },
    async buildStart() {
      if (!isBuild) return;
      const others = LANGUAGES.slice(1).map((each) =>
        configOf(each, { app: "app.js" }, `${each}-`),
      );
      const docs = configOf(ENGLISH, { docs: "docs/index.html" }, "docs-");
      const built = await Promise.all([...others, docs].map((each) => build(each)));
      outputs = /** @type {import("vite").Rollup.RollupOutput[]} */ (built);
      app = this.emitFile({ type: "chunk", id: new URL("app.js", HERE).pathname, name: "app" });
    },
    resolveId: (id) => (id === "virtual:apps" ? "\0apps" : undefined),
    load(id) {
      if (id !== "\0apps") return undefined;
      const others = LANGUAGES.slice(1).map((language, at) => {
        const files = outputs[at]?.output ?? [];
        const file = files.find((each) => each.name === "app" && each.type === "chunk")?.fileName;
        return `${language}: "./${file?.split("/").at(-1)}"`;
      });
      const first = isBuild ? `import.meta.ROLLUP_FILE_URL_${app}` : '"/app.js"';
      return `export const apps = { ${[`${ENGLISH}: ${first}`, ...others].join(", ")} };`;
    },
    generateBundle(_, bundle) {
      for (const each of outputs.flatMap(({ output }) => output)) {
        if (each.fileName in bundle) continue;
        const source = each.type === "chunk" ? each.code : each.source;
        this.emitFile({ type: "asset", fileName: each.fileName, source });
      }
    },
  };
}

// What every page needs is one file, and what every page of a model needs is another. What only a
// pasted row, the search of the gallery or a command line needs is in neither.
const groups = [
  {
    name: "frame",
    test: /frontend\/(app\.js|gallery\/(flow|gallery|state)\.js|lib\/(?!csv|plural|posix|rates|styles)|shell\/(?!copy-by|language|rest|servery-(languages|problem))|ask\/state|words\/\w+\/(common|language|shell))|node_modules\/(@lit|lit)(?!.*repeat|.*helpers)|vite\/preload/,
    priority: 2,
  },
  {
    name: "question",
    test: /frontend\/((ask|inputs)\/(?!ask\.js|headlines|long|paste|renewal|row-text|spoken|servery-((text|date)-input|alternatives|answer-(foot|bar)|doubt|notes|parts|paste|quantile-marker|scores|spoken))|words\/\w+\/(ask|inputs|server)\.js|lib\/plural)/,
    priority: 1,
  },
  { name: "figures", test: /frontend\/ask\/servery-(alternatives|parts|scores)/, priority: 1 },
  { name: "typed", test: /frontend\/inputs\/servery-(text|date)-input/, priority: 1 },
];

/**
 * @param {string} language of the words
 * @param {Record<string, string>} input
 * @param {string} [prefix] of the names of files; none for what is built first
 * @returns {import("vite").UserConfig}
 */
function configOf(language, input, prefix = "") {
  const isFirst = prefix === "";
  const names = `assets/${prefix}[name]-[hash:6].js`;
  const others = isFirst ? [clientForOthers, otherPages()] : [];
  return {
    configFile: false,
    root: HERE.pathname,
    // A relative base lets the folder live at any address, a sub-folder of a static host included.
    base: "./",
    publicDir: "public",
    logLevel: isFirst ? undefined : "warn",
    plugins: [wordsIn(language), leanTemplates, ...others, { ...paintWithScript, enforce: "post" }],
    build: {
      target: "es2022",
      write: isFirst,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2000,
      rollupOptions: {
        input,
        optimization: { inlineConst: { mode: "all", pass: 2 } },
        output: {
          entryFileNames: names,
          chunkFileNames: names,
          assetFileNames: "assets/[name]-[hash:6][extname]",
          codeSplitting: {
            groups: input.docs ? [] : groups,
            includeDependenciesRecursively: false,
          },
        },
      },
    },
    server: {
      proxy: { "/api": "http://127.0.0.1:8000", "/openapi.json": "http://127.0.0.1:8000" },
    },
  };
}

export default defineConfig(configOf(ENGLISH, { index: "index.html" }));
