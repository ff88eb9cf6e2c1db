import {
  accountRecord,
  foldedBalanceRecord,
  movementRecord,
  stationCreditRecord,
  type MovementKind,
  type RecordCodec,
  type SupplyAnswer,
} from '@tallywatt/contracts';
import type { State } from './state.js';

/** Rows per round trip; Fabric's default limit of a query is higher. */
const SCAN_PAGE = 1000;

/** Conservation over the whole state (rules.md): Σ balances = Σ deposits − Σ pay-outs − Σ refunds. A scan, for audits. */
export async function supply(state: State): Promise<SupplyAnswer> {
  const ev = await sum(state, accountRecord, [], (account) => account.balanceMinor);
  const folded = await sum(state, foldedBalanceRecord, [], (station) => station.balanceMinor);
  const deltas = await sum(state, stationCreditRecord, [], (credit) => credit.amountMinor);
  const deposits = await movements(state, 'deposit');
  const payOuts = await movements(state, 'payOut');
  const refunds = await movements(state, 'refund');
  return {
    evBalancesMinor: ev.toString(),
    stationBalancesMinor: (folded + deltas).toString(),
    depositsMinor: deposits.toString(),
    payOutsMinor: payOuts.toString(),
    refundsMinor: refunds.toString(),
    conserved: ev + folded + deltas === deposits - payOuts - refunds,
  };
}

function movements(state: State, kind: MovementKind): Promise<bigint> {
  return sum(state, movementRecord, [kind], (movement) => movement.amountMinor);
}

async function sum<T>(
  state: State,
  codec: RecordCodec<T>,
  parts: readonly string[],
  amountOf: (record: T) => bigint,
): Promise<bigint> {
  let total = 0n;
  let bookmark = '';
  do {
    const page = await state.page(codec, parts, SCAN_PAGE, bookmark);
    for (const { record } of page.entries) total += amountOf(record);
    bookmark = page.bookmark;
  } while (bookmark !== '');
  return total;
}
