import type { ParametersAnswer } from '@tallywatt/contracts';
import type { Currency } from './money-view.js';

export interface OperatorRow {
  readonly operatorId: string;
  readonly name: string;
}

/** Operators and parameters, as the projection has them. */
export abstract class NetworkQueries {
  abstract operators(): Promise<OperatorRow[]>;
  abstract operator(operatorId: string): Promise<OperatorRow | undefined>;
  /** undefined before supervision has set any. */
  abstract parameters(): Promise<ParametersAnswer | undefined>;
  abstract currency(): Promise<Currency>;
}
