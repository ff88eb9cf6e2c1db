import {
  foldedBalanceRecord,
  splitStateKey,
  StateKeyError,
  stationCreditRecord,
  stationRecord,
  STATE_TYPES,
  type FoldAccountArgs,
  type PayOutArgs,
} from '@tallywatt/contracts';
import { assertMoney } from './account-money.js';
import { demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';
import { recordMovement, type MovementAnswer } from './movements.js';
import { assertOwn } from './ownership.js';

/**
 * Adds delta rows to the folded balance and deletes them: an explicit list, so no clock and no range read.
 * @throws ContractError NOT_FOUND when a key is not there (any more): the caller lists again.
 */
export async function foldAccount(
  context: LedgerContext,
  args: FoldAccountArgs,
): Promise<{ readonly foldedMinor: string }> {
  const { state } = context;
  await assertOwnStation(context, args.stationId);
  const deltaKeys = [...new Set(args.deltaKeys)].sort();
  demand(deltaKeys.length === args.deltaKeys.length, 'INVALID_ARGUMENT', 'a delta key occurs twice');
  demand(
    deltaKeys.every((key) => isDeltaOf(key, args.stationId)),
    'INVALID_ARGUMENT',
    'a key is no delta row of this station',
  );
  await state.load([keys.folded(args.stationId), ...deltaKeys]);
  let balanceMinor = state.get(foldedBalanceRecord, keys.folded(args.stationId))?.balanceMinor ?? 0n;
  for (const key of deltaKeys) {
    const delta = state.get(stationCreditRecord, key);
    demand(delta !== undefined, 'NOT_FOUND', 'a delta row is not there');
    balanceMinor += delta.amountMinor;
    state.delete(key);
  }
  assertMoney(balanceMinor);
  state.put(foldedBalanceRecord, { stationId: args.stationId, balanceMinor });
  return { foldedMinor: balanceMinor.toString() };
}

/** Money to the station's operator; draws on the folded balance alone, so it never races with settlements. */
export async function payOut(context: LedgerContext, args: PayOutArgs): Promise<MovementAnswer> {
  const { state } = context;
  await assertOwnStation(context, args.stationId);
  const amountMinor = BigInt(args.amountMinor);
  return recordMovement(
    context,
    { kind: 'payOut', reference: args.reference, account: args.stationId, amountMinor },
    async () => {
      const folded = await state.find(foldedBalanceRecord, keys.folded(args.stationId));
      const balanceMinor = (folded?.balanceMinor ?? 0n) - amountMinor;
      demand(balanceMinor >= 0n, 'INSUFFICIENT_BALANCE', 'the pay-out exceeds the folded balance');
      state.put(foldedBalanceRecord, { stationId: args.stationId, balanceMinor });
    },
  );
}

async function assertOwnStation(context: LedgerContext, stationId: string): Promise<void> {
  const station = await context.state.find(stationRecord, keys.station(stationId));
  demand(station !== undefined, 'UNKNOWN_STATION', 'no such station');
  assertOwn(context.caller, station.operatorId);
}

function isDeltaOf(key: string, stationId: string): boolean {
  try {
    const { type, parts } = splitStateKey(key);
    return type === STATE_TYPES.stationCredit && parts.length === 3 && parts[0] === stationId;
  } catch (error) {
    if (error instanceof StateKeyError) return false;
    throw error;
  }
}
