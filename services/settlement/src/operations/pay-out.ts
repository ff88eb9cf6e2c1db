import type { Caller, PayOutArgs } from '@tallywatt/contracts';
import type { LedgerWriter } from '../batching/ledger-writer.js';
import { LedgerError } from '../ledger/ledger.port.js';
import type { StationQueries } from './station-queries.js';

/** A state key is at most 175 bytes of JSON, and the contract reads arguments of 64 kB. */
export const FOLD_KEYS_MAX = 300;
/** Callers wait 30 s, and each fold takes a block; a later repetition goes on where this one ended. */
export const FOLDS_PER_PAY_OUT_MAX = 20;

/**
 * Pay-outs draw on the folded balance alone, so that they never race with settlements: what it lacks is folded first.
 * @throws LedgerError as the writer does; INSUFFICIENT_BALANCE when everything folded is not enough either.
 */
export async function foldAndPayOut(
  stations: StationQueries,
  writer: LedgerWriter,
  args: PayOutArgs,
  caller: Caller,
): Promise<void> {
  const { stationId } = args;
  for (let folds = 0; ; folds += 1) {
    const { foldedMinor, deltaKeys } = await stations.folding(stationId, FOLD_KEYS_MAX);
    if (foldedMinor >= BigInt(args.amountMinor) || deltaKeys.length === 0) break;
    if (folds === FOLDS_PER_PAY_OUT_MAX) throw new LedgerError('retry', 'FOLDING_UNFINISHED', 'more credits to fold');
    await fold(writer, stationId, deltaKeys, caller);
  }
  await writer.write('PayOut', args, caller);
}

async function fold(
  writer: LedgerWriter,
  stationId: string,
  deltaKeys: readonly string[],
  caller: Caller,
): Promise<void> {
  try {
    await writer.write('FoldAccount', { stationId, deltaKeys }, caller);
  } catch (error) {
    // Somebody folded some of them meanwhile: look again.
    if (!(error instanceof LedgerError && error.code === 'NOT_FOUND')) throw error;
  }
}
