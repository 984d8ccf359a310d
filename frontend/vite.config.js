import { defineConfig } from "vite";

// A relative base lets the folder live at any address, a sub-folder of a static host included.
export default defineConfig({
  base: "./",
  publicDir: "public",
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rollupOptions: { input: { app: "index.html", docs: "docs/index.html" } },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000", "/openapi.json": "http://127.0.0.1:8000" } },
});
