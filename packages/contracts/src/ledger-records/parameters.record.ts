import { positional, smallInteger } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `P~version`, and `P~current` with the newest: what supervision may set. Factors in 1e-6. */
export interface ParametersRecord {
  /** Counts from 1; the key says `current` or the version. */
  readonly version: number;
  readonly alphaE6: bigint;
  readonly betaE6: bigint;
  readonly sigmaE6: bigint;
  readonly maxLevel: number;
  readonly maxRating: number;
  readonly thresholdMinor: bigint;
  readonly minCreditE6: bigint;
  readonly currency: string;
  readonly currencyDecimals: number;
  readonly endorsementRangeBlocks: number;
  readonly endorsementQuorum: number;
}
/** A parameters record under one of its two keys. */
export interface KeyedParameters extends ParametersRecord {
  /** `current` or the version as decimal text. */
  readonly name: string;
}
export const CURRENT_PARAMETERS = 'current';

export const parametersRecord = positional<KeyedParameters>({
  type: STATE_TYPES.parameters,
  version: 1,
  keyParts: (parameters) => [parameters.name],
  toRow: (parameters) => [
    parameters.version,
    smallInteger(parameters.alphaE6),
    smallInteger(parameters.betaE6),
    smallInteger(parameters.sigmaE6),
    parameters.maxLevel,
    parameters.maxRating,
    parameters.thresholdMinor.toString(),
    smallInteger(parameters.minCreditE6),
    parameters.currency,
    parameters.currencyDecimals,
    parameters.endorsementRangeBlocks,
    parameters.endorsementQuorum,
  ],
  fromRow: (key, row) => ({
    name: key.part(),
    version: row.integer(),
    alphaE6: row.bigint(),
    betaE6: row.bigint(),
    sigmaE6: row.bigint(),
    maxLevel: row.integer(),
    maxRating: row.integer(),
    thresholdMinor: row.amount(),
    minCreditE6: row.bigint(),
    currency: row.text(),
    currencyDecimals: row.integer(),
    endorsementRangeBlocks: row.integer(),
    endorsementQuorum: row.integer(),
  }),
});
