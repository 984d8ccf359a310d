/** The page's words for what the API answers. The shapes themselves are generated. */

import type * as api from "./api-types.js";

type KeyOf<Kind> = Kind extends unknown ? keyof Kind : never;
type ValueOf<Kind, Key> = Kind extends unknown
  ? Key extends keyof Kind
    ? Kind[Key]
    : undefined
  : never;
/** One of several kinds, before it is asked which: what only some of them have may be absent. */
type AnyOf<Kind> = { [Key in keyof Kind]: Kind[Key] } & {
  [Key in Exclude<KeyOf<Kind>, keyof Kind>]?: ValueOf<Kind, Key>;
};

export type Scalar = string | number | boolean;

type InputKind = api.Signature["inputs"][number];
/**
 * `type` is any text: a server may know types that this page does not. Of `training_stats`, the
 * page reads what numbers have.
 */
export type Input = Omit<AnyOf<InputKind>, "type" | "training_stats"> & {
  type: string;
  training_stats: Partial<NumberStats> | null;
};
export type Category = api.Category;
export type NumberStats = api.NumberStats;
export type TableFormats = api.TableFormatList;
export type Histogram = api.Histogram;

type OutputKind = api.Signature["output"];
export type Output = Omit<AnyOf<OutputKind>, "outputs"> & { outputs?: Output[] };
export type Outcome = AnyOf<api.OutcomeClass | api.Band>;

/** `served` is the version that answers where none is named; null where none can. */
export type Facts = Omit<api.ModelFacts, "signature"> & {
  signature: { inputs: Input[]; output: Output; missing_texts: string[] };
  served?: string | null;
};
export type Runtime = api.RuntimeFacts;
export type Group = api.Group;
export type Gap = api.Gap;
export type Rate = api.Rate;
export type Metric = api.Metric;
export type ModelList = api.ModelList;
export type Summary = api.Summary;
export type Broken = api.Broken;

export type Warning = api.InputWarning;
export type ClassProbability = api.ClassProbability;
export type ClassScore = api.ClassScore;
export type Interval = api.Interval;
export type PredictionSet = api.PredictionSet;
export type Reliability = api.Reliability;
type OnePrediction = api.ClassPrediction | api.QuantityPrediction;
/** What is predicted for one output. */
export type OutputPrediction = Omit<AnyOf<OnePrediction | api.OutputAnswer>, "warnings">;
export type Prediction = OutputPrediction &
  api.Answered & { warnings: Warning[]; outputs?: Record<string, OutputPrediction> };

/** `fixes` are texts that may have been intended, as found by the page. */
export type Fault = api.Fault & { fixes?: readonly string[] };
/** `retry_after_s` is when it is worth asking again. */
export type Problem = Omit<api.Problem, "type" | "request_id" | "errors"> & {
  request_id: string | null;
  errors: Fault[];
  retry_after_s: number | null;
};

export type Explanation = api.Explanation;
export type Contribution = api.Contribution;
export type Curve = api.Curve;
export type CurvePoint = api.Point;
export type Counterfactuals = api.Counterfactuals;
export type Counterfactual = api.Counterfactual;
export type NearestRows = api.NearestRows;
export type NearRow = api.NearRow;
export type KeptRow = api.KeptRow;
export type RowFigures = api.RowFigures;
export type Target = Scalar | { min: number | null; max: number | null };

export type Evaluation = api.EvaluationFacts;
export type Confusion = api.Confusion;
export type Thresholds = api.Thresholds;
export type OperatingPoint = api.ThresholdPoint;
export type Calibration = api.Calibration;
export type CalibrationBin = api.CalibrationBin;
export type Residuals = api.ResidualFacts;
export type Coverage = api.CoverageFacts;
export type ClassCoverage = api.ClassCoverage;
export type CoverageLevel = api.Level;
export type Sets = api.SetFacts;
export type Importance = api.Importance;

export type Job = Omit<api.JobFacts, "preview" | "summary" | "progress"> & {
  preview: { rows: PreviewRow[] } | null;
  progress: Progress | null;
  summary: JobSummary | null;
};
export type Columns = Job["columns"];
export type JobProblem = api.ProblemFacts;
export type Reading = Omit<api.ReadingOptions, "missing">;
export type Progress = api.ProgressFacts;
export type Remark = api.Remark;
export type Reason = api.ReasonFacts;
export type BadRow = api.BadRow;
export type PreviewRow = api.PreviewRow;
/** What was predicted for a table: rows of each class, or how quantities are spread. */
export type Predictions = {
  classes?: { class: Scalar; label: string; rows: number }[];
  histogram?: Histogram;
  mean?: number | null;
  minimum?: number | null;
  maximum?: number | null;
};
export type JobSummary = Omit<api.SummaryFacts, "predictions"> & {
  predictions: Predictions | Record<string, Predictions>;
};
export type JobChange = api.JobChange;
export type Drift = api.Drift;
export type Distribution = api.Distribution;
export type TableEvaluation = api.TableEvaluation;
export type OutputEvaluation = api.OutputEvaluation;
export type TableMetric = api.TableMetric;

/** What a person typed, by input name: the text; null means "not known"; no entry, nothing yet. */
export type Draft = Readonly<Record<string, string | null>>;
