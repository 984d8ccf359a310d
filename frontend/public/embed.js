/**
 * Shows a model on any page: `<servery-model name="income"></servery-model>`.
 *
 * Attributes: `name` of the model; `server`, the address of Servery, by default where this script
 * comes from; `version`, by default the one that is served; `inputs`, what the form begins with, as
 * in the address of a model's page (`age=39&workclass=`); `theme`, `light` or `dark`, by default
 * what the system prefers.
 */
(() => {
  /** How long a model may take to show itself before it counts as missing. */
  const PATIENCE_MS = 20_000;
  const source = document.currentScript?.getAttribute("src") && document.currentScript.src;
  const HERE = source ? new URL(".", source).href : "";

  const styles = new CSSStyleSheet();
  styles.replaceSync(`
    :host { display: block; min-block-size: 12rem; }
    :host([hidden]) { display: none; }
    iframe { display: block; inline-size: 100%; border: 0; background: transparent; }
    iframe:not(.shown) { block-size: 12rem; visibility: hidden; }
    p { margin: 0; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
  `);

  class ServeryModel extends HTMLElement {
    static observedAttributes = ["name", "server", "version", "inputs", "theme"];

    #root = this.attachShadow({ mode: "open" });
    #frame = null;
    #timer = 0;
    #isPlaced = false;
    #hear = (event) => this.#resize(event);

    connectedCallback() {
      this.#root.adoptedStyleSheets = [styles];
      window.addEventListener("message", this.#hear);
      this.#isPlaced = true;
      this.#show();
    }

    disconnectedCallback() {
      window.removeEventListener("message", this.#hear);
      clearTimeout(this.#timer);
      this.#root.replaceChildren();
      this.#frame = null;
      this.#isPlaced = false;
    }

    attributeChangedCallback() {
      if (this.#isPlaced) this.#show();
    }

    get #server() {
      const server = this.getAttribute("server") ?? HERE;
      const url = new URL(server, document.baseURI);
      if (!url.pathname.endsWith("/")) url.pathname += "/";
      return url;
    }

    #show() {
      clearTimeout(this.#timer);
      const name = this.getAttribute("name");
      if (!name) {
        this.#say("This element needs the name of a model.");
        return;
      }
      const url = this.#server;
      if (!/^https?:$/.test(url.protocol)) {
        this.#say("The address of the server must begin with http:// or https://.");
        return;
      }
      const version = this.getAttribute("version");
      const inputs = this.getAttribute("inputs");
      const model = encodeURIComponent(name) + (version ? `@${encodeURIComponent(version)}` : "");
      const theme = this.getAttribute("theme");
      if (theme) url.searchParams.set("theme", theme);
      url.hash = `/embed/${model}${inputs === null ? "" : `?${inputs}`}`;
      this.#frame = document.createElement("iframe");
      this.#frame.title = this.getAttribute("aria-label") ?? name;
      this.#frame.allow = "clipboard-write";
      this.#frame.src = url.href;
      this.#root.replaceChildren(this.#frame);
      this.#timer = setTimeout(() => this.#giveUp(url), PATIENCE_MS);
    }

    #resize({ source, origin, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow) return;
      if (origin !== this.#server.origin || data?.type !== "servery:height") return;
      clearTimeout(this.#timer);
      this.#frame.style.blockSize = `${Number(data.px)}px`;
      this.#frame.classList.add("shown");
    }

    #giveUp(url) {
      const allow = `SERVERY_FRAME_ORIGINS has ${location.origin}`;
      console.error(`${url.origin} did not show its model. Check that it runs and that ${allow}.`);
      const link = document.createElement("a");
      link.href = url.href.replace("#/embed/", "#/models/");
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = "Open it on its own page";
      this.#say("The model could not be shown here. ", link, ".");
    }

    #say(...nodes) {
      const words = document.createElement("p");
      words.setAttribute("role", "status");
      words.append(...nodes);
      this.#root.replaceChildren(words);
      this.#frame = null;
    }
  }

  if (!customElements.get("servery-model")) customElements.define("servery-model", ServeryModel);
})();
