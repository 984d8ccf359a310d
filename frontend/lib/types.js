/**
 * @typedef {object} Runtime
 * @property {string} name
 * @property {{rows: number, largest_difference: number} | null} verification
 * @property {string | null} unsupported
 */

/**
 * The shapes that the API answers with; `docs/api.md` describes them.
 *
 * @typedef {string | number | boolean} Scalar
 * @typedef {{edges: number[], counts: number[]}} Histogram
 * @typedef {{minimum: number, maximum: number, quantiles: number[], histogram: Histogram | null}} Seen
 * @typedef {{value: Scalar, label: string, count: number | null}} Category
 *
 * @typedef {object} Input
 * @property {string} name
 * @property {"number" | "integer" | "boolean" | "category" | "text" | "date" | "datetime"} type
 * @property {string} label
 * @property {string | null} help
 * @property {boolean} missing_allowed
 * @property {Scalar | null} typical
 * @property {string | null} [unit]
 * @property {number | string | null} [minimum]
 * @property {number | string | null} [maximum]
 * @property {number | null} [step]
 * @property {any} [training_stats]
 * @property {[number, number] | null} [approximate_range] where most values lie, according to the fitted parts
 * @property {Category[]} [categories]
 * @property {boolean} [unknown_allowed]
 * @property {number} [max_length]
 * @property {string | null} [placeholder]
 * @property {boolean} [changeable] a person can change it: it may stand among what to change
 *
 * @typedef {object} Outcome
 * @property {Scalar} [value]
 * @property {number | null} [below]
 * @property {string} label
 * @property {"positive" | "negative" | "neutral" | "caution"} tone
 * @property {string | null} picture
 * @property {string | null} message
 *
 * @typedef {object} Output
 * @property {"classification" | "regression" | "clustering" | "outlier-detection" | "multi-output"} task
 * @property {string} name
 * @property {string} label
 * @property {Output[]} [outputs] of several at once: each by itself
 * @property {Outcome[]} [classes]
 * @property {{class: Scalar, value: number} | null} [threshold]
 * @property {string | null} [unit]
 * @property {number | null} [decimals]
 * @property {Seen | null} [training_stats]
 * @property {Outcome[]} [bands]
 * @property {number | null} [minimum]
 * @property {number | null} [maximum]
 *
 * @typedef {{name: string, label: string, value: number, unit: string | null, meaning: string}} Metric
 * @typedef {{name: string, label: string, value: number}} Rate
 * @typedef {{input: string, rows: {value: Scalar, rows: number, rates: Rate[]}[]}} Group
 * @typedef {{method: string, detail: string, rows: number, values: Metric[], groups: Group[]}} Metrics
 * @typedef {{title: string, inputs: Record<string, Scalar | null>}} Example
 *
 * @typedef {object} Card
 * @property {string} description
 * @property {string[]} intended_use
 * @property {string[]} not_for
 * @property {string[]} limitations
 * @property {{description: string, source: string | null, licence: string | null} | null} data
 *
 * @typedef {{name: string, title: string, summary: string, task: string, version: string, picture: string | null}} Summary
 *
 * What cannot be served; with a version, the model itself is served by another one.
 * @typedef {{name: string, version: string | null, detail: string}} Broken
 * @typedef {{models: Summary[], broken: Broken[]}} ModelList
 *
 * @typedef {object} Facts
 * @property {string} name
 * @property {string} title
 * @property {string} summary
 * @property {string} version
 * @property {string[]} versions the newest last
 * @property {string | null} [served] which version answers where none is named; null where none can
 * @property {string | null} picture
 * @property {Card} card
 * @property {{inputs: Input[], output: Output}} signature
 * @property {Metrics | null} metrics
 * @property {Example[]} examples
 * @property {{rows: number | null, fitted_on: string, libraries: Record<string, string>}} training
 * @property {Runtime} runtime
 * @property {string[]} notes sentences on what could not be known
 * @property {("explanations" | "curves" | "counterfactuals" | "evaluation" | "batches")[]} [capabilities] what this
 *   version can tell beside its answer
 *
 * What is odd about an input, or where none is named about the whole instance.
 * @typedef {{input: string | null, code: string, detail: string}} Warning
 * @typedef {{class: Scalar, label: string, probability: number}} ClassProbability
 *
 * @typedef {{class: Scalar, label: string, score: number}} ClassScore
 *
 * @typedef {{low: number, high: number, coverage: number}} Interval
 * @typedef {{classes: Scalar[], coverage: number}} PredictionSet the most probable first
 *
 * What is said of one output.
 * @typedef {object} Said
 * @property {Scalar} prediction
 * @property {string | null} label
 * @property {ClassProbability[] | null} [probabilities] null where the model has none
 * @property {ClassScore[]} [scores] of its decision function, in no unit: the highest wins
 * @property {string | null} [unit]
 * @property {Interval | null} [interval]
 * @property {PredictionSet | null} [prediction_set]
 *
 * @typedef {object} PredictionFacts
 * @property {string} version
 * @property {Record<string, Said>} [outputs] of several at once: each by its name
 * @property {Warning[]} warnings
 *
 * @typedef {Said & PredictionFacts} Prediction
 *
 * @typedef {{input: string | null, pointer: string, code: string, detail: string}} Fault
 *
 * @typedef {object} Problem
 * @property {string} title
 * @property {number} status
 * @property {string} detail
 * @property {string | null} request_id
 * @property {Fault[]} errors
 * @property {number | null} retry_after_s when it is worth asking again
 *
 * One input's share in a prediction; of a text, one word's, from `start` to `end` in code points.
 * @typedef {object} Contribution
 * @property {string} input
 * @property {Scalar | null} value
 * @property {number} contribution
 * @property {number} standard_error 0 where it is exact
 * @property {number} [start]
 * @property {number} [end]
 *
 * @typedef {object} Explanation base and contributions make the prediction
 * @property {"exact" | "sampled"} method
 * @property {Scalar} output the class, or the name of the quantity
 * @property {number} base
 * @property {number} prediction
 * @property {Contribution[]} contributions in the signature's order
 *
 * @typedef {{value: Scalar | null, prediction: number, average: number}} CurvePoint
 * @typedef {{output: Scalar, input: string, points: CurvePoint[]}} Curve
 *
 * @typedef {{input: string, from: Scalar | null, to: Scalar | null}} Change
 * @typedef {{changes: Change[], prediction: Scalar, probability: number | null}} Counterfactual
 * @typedef {{counterfactuals: Counterfactual[]}} Counterfactuals the smallest changes first
 * @typedef {Scalar | {min: number | null, max: number | null}} Target
 *
 * What a person typed, by input name: the text; null says "not known"; no entry, nothing yet.
 * @typedef {Readonly<Record<string, string | null>>} Draft
 */

/**
 * What was measured of a version on rows that the fit did not see. Each part is null where the task
 * has none of it.
 *
 * @typedef {{classes: Scalar[], counts: number[][]}} Confusion rows were, columns were called so
 * @typedef {{threshold: number, hits: number, false_alarms: number}} OperatingPoint
 * @typedef {{class: Scalar, chosen: number, positives: number, negatives: number, points: OperatingPoint[]}} Thresholds
 * @typedef {{low: number, high: number, predicted: number, observed: number, rows: number}} CalibrationBin
 * @typedef {{class: Scalar | null, bins: CalibrationBin[]}} Calibration without a class, of the one named
 * @typedef {{predicted: number, actual: number}} Residual
 * @typedef {{points: Residual[], rows: number}} Residuals some of the rows
 * @typedef {{stated: number, measured: number}} CoverageLevel
 *
 * @typedef {object} Coverage
 * @property {string | null} unit
 * @property {number} stated
 * @property {number} measured
 * @property {number} rows
 * @property {number} mean_width
 * @property {boolean} adaptive wider where the model is less sure
 * @property {CoverageLevel[]} levels
 *
 * @typedef {{class: Scalar, rows: number, measured: number}} ClassCoverage
 * @typedef {{size: number, share: number}} SetSize
 * @typedef {{stated: number, rows: number, by_class: ClassCoverage[], sizes: SetSize[]}} Sets
 * @typedef {{input: string, importance: number, standard_error: number}} InputImportance
 * @typedef {{metric: string, rows: number, repeats: number, inputs: InputImportance[]}} Importance
 *
 * @typedef {object} Evaluation
 * @property {string} version
 * @property {number} rows
 * @property {"held-out" | "cross-validated" | "leave-one-out"} method
 * @property {Confusion | null} confusion
 * @property {Thresholds | null} thresholds
 * @property {Calibration | null} calibration
 * @property {Residuals | null} residuals
 * @property {Coverage | null} coverage
 * @property {Sets | null} sets
 * @property {Importance | null} importance
 */
export {};
