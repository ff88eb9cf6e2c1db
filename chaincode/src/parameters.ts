import {
  CURRENT_PARAMETERS,
  parametersRecord,
  type ParametersAnswer,
  type ParametersRecord,
  type SetParametersArgs,
} from '@tallywatt/contracts';
import { demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';
import type { State } from './state.js';

/** @throws ContractError NO_PARAMETERS before supervision has set any. */
export async function currentParameters(state: State): Promise<ParametersRecord> {
  const parameters = await state.find(parametersRecord, keys.currentParameters());
  demand(parameters !== undefined, 'NO_PARAMETERS', 'supervision has set no parameters');
  return parameters;
}

/** Each change is a new version; older ones stay. The same content again changes nothing. */
export async function setParameters(context: LedgerContext, args: SetParametersArgs): Promise<ParametersAnswer> {
  const { state } = context;
  const before = await state.find(parametersRecord, keys.currentParameters());
  const next = parametersOf(args, (before?.version ?? 0) + 1);
  if (before !== undefined) {
    demand(
      before.currency === next.currency && before.currencyDecimals === next.currencyDecimals,
      'INVALID_ARGUMENT',
      'the currency of a ledger never changes',
    );
    if (
      JSON.stringify(parametersAnswer({ ...next, version: before.version })) ===
      JSON.stringify(parametersAnswer(before))
    ) {
      return parametersAnswer(before);
    }
  }
  state.put(parametersRecord, { ...next, name: CURRENT_PARAMETERS });
  state.put(parametersRecord, { ...next, name: String(next.version) });
  return parametersAnswer(next);
}

function parametersOf(args: SetParametersArgs, version: number): ParametersRecord {
  return {
    ...args,
    version,
    alphaE6: BigInt(args.alphaE6),
    betaE6: BigInt(args.betaE6),
    sigmaE6: BigInt(args.sigmaE6),
    thresholdMinor: BigInt(args.thresholdMinor),
    minCreditE6: BigInt(args.minCreditE6),
  };
}

export function parametersAnswer(parameters: ParametersRecord): ParametersAnswer {
  return {
    version: parameters.version,
    alphaE6: parameters.alphaE6.toString(),
    betaE6: parameters.betaE6.toString(),
    sigmaE6: parameters.sigmaE6.toString(),
    maxLevel: parameters.maxLevel,
    maxRating: parameters.maxRating,
    thresholdMinor: parameters.thresholdMinor.toString(),
    minCreditE6: parameters.minCreditE6.toString(),
    currency: parameters.currency,
    currencyDecimals: parameters.currencyDecimals,
    endorsementRangeBlocks: parameters.endorsementRangeBlocks,
    endorsementQuorum: parameters.endorsementQuorum,
  };
}
