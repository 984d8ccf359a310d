/**
 * The client of a server's models, for pages and for programs: one module that needs no other. Our
 * own page makes its calls with it; a server has it at `/client.js`.
 *
 *     import { connect } from "http://127.0.0.1:8000/client.js";
 *     const species = connect("http://127.0.0.1:8000").model("species");
 *     console.log((await species.predict({ height: 88, weight: 46 })).prediction);
 */

/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {{name: string, version: string | null}} Asked a model, in the version served if null */
/** @typedef {"predictions" | "explanations" | "curves" | "counterfactuals" | "nearest-rows"} Resource */

/** The server answered, and the answer is a problem. */
export class Refused extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** No answer came, or one that no server of ours would give. */
export class Unreachable extends Error {}

/** How often a request is sent, and the pauses between: a server may be busy or restart. */
const TRIES = 6;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** Between two looks at a batch job. */
const LOOK_MS = 500;
const JSON_BODY = { "Content-Type": "application/json" };

/**
 * @typedef {object} Options
 * @property {HeadersInit} [headers] of each request, such as those that a proxy asks for
 * @property {number} [tries] how often a request is sent at most
 */
/** @typedef {{signal?: AbortSignal}} Ending what ends a call early */
/** @typedef {Record<string, import("./types.js").Scalar | null>} Inputs */
/** @typedef {import("./api-types.js").JobFacts} Job */

/**
 * @param {string} address of the server, such as `https://models.example.org`
 * @param {Options} [options]
 */
export function connect(address, { headers = {}, tries = TRIES } = {}) {
  const root = address.replace(/\/+$/, "");
  const shared = Object.fromEntries(new Headers(headers));
  /** @type {Ask} */
  const ask = (path, options = {}, read = undefined) => {
    const asked = { ...options, headers: { ...shared, ...options.headers } };
    return repeated(() => call(root + path, asked, read), tries, options.signal);
  };
  return {
    /**
     * @param {Ending} [ending]
     * @returns {Promise<import("./types.js").ModelList>} all models
     */
    models: (ending = {}) => ask("/api/v1/models", ending),
    /**
     * @param {string} name
     * @param {string | null} [version] by default the one that is served
     */
    model: (name, version = null) => new Model(ask, { name, version }),
  };
}

/**
 * @typedef {(path: string, options?: RequestInit & {headers?: Record<string, string>},
 *   read?: (response: Response) => Promise<any>) => Promise<any>} Ask
 */

/** One model of a server. A refusal is a `Refused`, whose `problem.errors` names every fault. */
class Model {
  /** @type {Ask} */
  #ask;
  #path;

  /**
   * @param {Ask} ask
   * @param {Asked} asked
   */
  constructor(ask, asked) {
    this.#ask = ask;
    this.#path = modelPath(asked);
  }

  /**
   * @param {Ending} [ending]
   * @returns {Promise<import("./types.js").Facts>} the card, the signature, metrics and examples
   */
  facts(ending = {}) {
    return this.#ask(this.#path, ending);
  }

  /**
   * @param {Inputs | Inputs[]} inputs of one instance, or of several
   * @param {Ending} [ending]
   * @returns {Promise<any>} one prediction, or one for each instance in their order
   */
  async predict(inputs, ending) {
    if (!Array.isArray(inputs)) return this.#post("predictions", { inputs }, ending);
    return (await this.#post("predictions", { instances: inputs }, ending)).predictions;
  }

  /**
   * @param {Inputs} inputs
   * @param {Ending & {output?: import("./types.js").Scalar}} [options] `output`: the class, or the
   *   name of one of several outputs, that is explained
   * @returns {Promise<import("./api-types.js").Explanation>} how much each input moved the answer
   */
  explain(inputs, { output, ...ending } = {}) {
    return this.#post("explanations", { inputs, output }, ending);
  }

  /**
   * @param {Inputs} inputs
   * @param {Ending & {target: unknown}} options `target`: a class, or `{min, max}`
   * @returns {Promise<import("./api-types.js").Counterfactual[]>} the smallest changes first
   */
  async counterfactuals(inputs, { target, ...ending }) {
    return (await this.#post("counterfactuals", { inputs, target }, ending)).counterfactuals;
  }

  /**
   * Has a table scored as a batch job, which is deleted on the server in the end.
   * @param {Blob} table a `File` has a name as well
   * @param {Ending & {progress?: (job: Job) => void, options?: Record<string, string>}} [given]
   *   `options`: those of an upload, such as `{ delimiter: ";" }`
   * @returns {Promise<{job: Job, result: Blob}>}
   */
  async score(table, { progress = () => {}, options = {}, signal } = {}) {
    const name = "name" in table ? String(table.name) : "table";
    const headers = {
      "Content-Type": "application/octet-stream",
      "Idempotency-Key": `"${crypto.randomUUID()}"`,
    };
    const upload = `${this.#path}/batches?${new URLSearchParams({ name, ...options })}`;
    let job = await this.#ask(upload, { method: "POST", body: table, headers, signal });
    const path = `/api/v1/batches/${encodeURIComponent(job.id)}`;
    try {
      progress(job);
      while (job.status === "queued" || job.status === "running") {
        await pause(LOOK_MS, signal);
        job = await this.#ask(path, { signal });
        progress(job);
      }
      if (job.status !== "done")
        throw new Refused({
          status: 422,
          errors: [],
          request_id: job.request_id,
          retry_after_s: null,
          ...job.problem,
        });
      const result = await this.#ask(`${path}/result`, { signal }, (response) => response.blob());
      return { job, result };
    } finally {
      await this.#ask(path, { method: "DELETE" }).catch(() => {}); // it expires there anyway
    }
  }

  /**
   * @param {Resource} resource
   * @param {object} body
   * @param {Ending} [ending]
   */
  #post(resource, body, ending = {}) {
    const options = { method: "POST", headers: JSON_BODY, body: JSON.stringify(body), ...ending };
    return this.#ask(`${this.#path}/${resource}`, options);
  }
}

/**
 * @template T
 * @param {() => Promise<T>} ask
 * @param {number} tries
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<T>}
 */
async function repeated(ask, tries, signal) {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      const wait = pauseBefore(error, tried);
      if (tried >= tries || wait > LONGEST_PAUSE_MS) throw error;
      await pause(wait, signal);
    }
  }
}

/**
 * @param {unknown} error
 * @param {number} tried how often the request was sent
 * @returns {number} milliseconds until it may be sent again, never before the server asks for it;
 *   infinite where that is no use
 */
export function pauseBefore(error, tried) {
  const growing = Math.min(FIRST_PAUSE_MS * 2 ** (tried - 1), LONGEST_PAUSE_MS);
  if (error instanceof Unreachable) return growing;
  if (!(error instanceof Refused) || ![429, 503].includes(error.problem.status)) {
    return Number.POSITIVE_INFINITY;
  }
  return Math.max(growing, 1000 * (error.problem.retry_after_s ?? 0));
}

/**
 * @param {number} ms
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<void>}
 */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/**
 * @param {Asked} model
 * @param {Resource} resource
 * @returns {string} the path that is posted to
 */
export function resourcePath(model, resource) {
  return `${modelPath(model)}/${resource}`;
}

/**
 * @param {Asked} model
 * @returns {string}
 */
export function modelPath({ name, version }) {
  const pinned = version ? `@${encodeURIComponent(version)}` : "";
  return `/api/v1/models/${encodeURIComponent(name)}${pinned}`;
}

/**
 * @param {string} address
 * @param {RequestInit} options
 * @param {(response: Response) => Promise<any>} [read] the body of an answer that is not JSON
 * @returns {Promise<any>} the body of the answer; null where there is none
 */
export function call(address, options, read) {
  return answerTo(() => fetch(address, options), options.signal, read);
}

/**
 * @param {() => Promise<Response>} send
 * @param {AbortSignal | null} [signal]
 * @param {(response: Response) => Promise<any>} [read] the body of an answer that is not JSON
 * @returns {Promise<any>} the body of the answer; null where there is none
 */
export async function answerTo(send, signal, read) {
  let response;
  let text;
  try {
    response = await send();
    if (read && response.ok) return await read(response);
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable("The server is not responding.", { cause: error });
  }
  const body = parsed(text);
  if (!response.ok || body === undefined) throw new Refused(problemOf(body, response));
  return body;
}

/**
 * @param {string} text
 * @returns {any} null for an empty text; undefined for one that is not JSON, which Servery never sends
 */
function parsed(text) {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * An answer that a proxy gave in its own format is reported as such.
 * @param {Partial<Problem> | null | undefined} body
 * @param {Response} response
 * @returns {Problem}
 */
function problemOf(body, { status, headers, ok }) {
  const wait = Number(headers.get("Retry-After") ?? Number.NaN);
  const [title, detail] = ok
    ? [
        "Not an answer from Servery",
        "The answer is a web page, maybe a sign-in page. Reload to see it.",
      ]
    : foreignText(status);
  return {
    title: body?.title ?? title,
    status,
    detail: body?.detail ?? detail,
    request_id: body?.request_id ?? headers.get("X-Request-ID"),
    errors: body?.errors ?? [],
    retry_after_s: Number.isFinite(wait) ? wait : null,
  };
}

/** @type {Record<number, string>} */
const FOREIGN = {
  401: "asks you to sign in. Reload the page.",
  413: "refused this much data. Its limit would have to be raised.",
  502: "reports that Servery is not responding.",
  503: "reports that Servery is not available.",
  504: "waited too long for Servery.",
};

/**
 * @param {number} status
 * @returns {[title: string, detail: string]}
 */
function foreignText(status) {
  const words = FOREIGN[status] ?? "refused the request.";
  return [`Status ${status}`, `A server in front of Servery ${words}`];
}
