import {
  canonicalJson,
  type OperationInput,
  type ParametersAnswer,
  type Principal,
  type SetParametersArgs,
} from '@tallywatt/contracts';
import type { LedgerWriter } from '../batching/ledger-writer.js';
import { DEFAULT_CURRENCY } from './money-view.js';
import type { NetworkQueries } from './network-queries.js';
import { EVERYONE, type Operation, reads, SUPERVISOR, writes } from './operation.js';
import { callerOf } from './principal-caller.js';
import { alreadyExists, notFound } from './refusal.js';

/** rules.md "Evaluation of a station": D = 5, W_max = 5. */
const MAX_LEVEL = 5;
const MAX_RATING = 5;

/** Operators and the network's parameters: supervision writes, everybody reads. */
export class NetworkOperations {
  readonly operations: readonly Operation[] = [
    writes('registerOperator', SUPERVISOR, (input, principal) => this.registerOperator(input, principal)),
    reads('listOperators', EVERYONE, async () => ({ data: await this.queries.operators(), nextCursor: null })),
    writes('setParameters', SUPERVISOR, (input, principal) => this.setParameters(input, principal)),
    reads('getParameters', EVERYONE, () => this.current()),
  ];

  constructor(
    private readonly queries: NetworkQueries,
    private readonly writer: LedgerWriter,
  ) {}

  private async registerOperator(input: OperationInput<'registerOperator'>, principal: Principal): Promise<unknown> {
    const before = await this.queries.operator(input.operatorId);
    if (before?.name === input.name) throw alreadyExists();
    await this.writer.write('RegisterOperator', input, callerOf(principal));
    return input;
  }

  /** The same parameters again are no new version. */
  private async setParameters(input: OperationInput<'setParameters'>, principal: Principal): Promise<ParametersAnswer> {
    const before = await this.queries.parameters();
    const next = argumentsOf(input, before);
    if (before === undefined || !sameParameters(before, next)) {
      await this.writer.write('SetParameters', next, callerOf(principal));
    }
    return this.current();
  }

  private async current(): Promise<ParametersAnswer> {
    const parameters = await this.queries.parameters();
    if (parameters === undefined) throw notFound();
    return parameters;
  }
}

/** Levels and currency are fixed when the network is founded. */
function argumentsOf(input: OperationInput<'setParameters'>, before: ParametersAnswer | undefined): SetParametersArgs {
  return {
    ...input,
    maxLevel: before?.maxLevel ?? MAX_LEVEL,
    maxRating: before?.maxRating ?? MAX_RATING,
    currency: before?.currency ?? DEFAULT_CURRENCY.code,
    currencyDecimals: before?.currencyDecimals ?? DEFAULT_CURRENCY.decimals,
  };
}

function sameParameters(before: ParametersAnswer, next: SetParametersArgs): boolean {
  return canonicalJson({ ...next, version: before.version }) === canonicalJson(before);
}
