import {
  accountRecord,
  billMarkRecord,
  billRecord,
  evaluationRecord,
  ledgerUpdatesRecord,
  nodeEndorsementsRecord,
  ratingRecord,
  settlementRecord,
  stationRecord,
  type AccountRecord,
  type BillRecord,
  type Caller,
  type ItemVerdict,
  type ParametersRecord,
  type RateBatchArgs,
  type RateItemArgs,
} from '@tallywatt/contracts';
import { applyRating } from '@tallywatt/domain';
import { demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';
import { currentParameters } from './parameters.js';
import { assertSortedOnce, verdictOf } from './settle-batch.js';
import type { State } from './state.js';

/** Formula (3) for a batch of ratings, in the order of the batch: one rating per session, by the bill's own user. */
export async function rateBatch(context: LedgerContext, batch: RateBatchArgs): Promise<ItemVerdict[]> {
  assertSortedOnce(batch.items.map((item) => item.settlementId));
  const { state, caller } = context;
  const parameters = await currentParameters(state);
  await loadRatings(state, batch.items);
  return batch.items.map((item) => verdictOf(item, () => rate(state, caller, item, parameters)));
}

async function loadRatings(state: State, items: readonly RateItemArgs[]): Promise<void> {
  await state.load([
    keys.ledgerUpdates(),
    ...items.flatMap((item) => [
      keys.settlement(item.settlementId),
      keys.account(item.evId),
      keys.credited(item.settlementId),
    ]),
  ]);
  await state.load(items.flatMap((item) => settledBillKey(state, item) ?? []));
  const bills = items.flatMap((item) => billOf(state, item) ?? []);
  await state.load(
    bills.flatMap((bill) => [
      keys.rating(bill.sessionId),
      keys.evaluation(bill.stationId),
      keys.station(bill.stationId),
    ]),
  );
  const stations = bills.flatMap((bill) => state.get(stationRecord, keys.station(bill.stationId)) ?? []);
  await state.load(stations.map((station) => keys.nodeEndorsements(station.peerNode)));
}

function settledBillKey(state: State, item: RateItemArgs): string | undefined {
  const settled = state.get(settlementRecord, keys.settlement(item.settlementId));
  return settled === undefined ? undefined : keys.bill(settled);
}

function billOf(state: State, item: RateItemArgs): BillRecord | undefined {
  const key = settledBillKey(state, item);
  return key === undefined ? undefined : state.get(billRecord, key);
}

function rate(state: State, caller: Caller, item: RateItemArgs, parameters: ParametersRecord): 'rated' | 'duplicate' {
  const account = raterOf(state, caller, item);
  const bill = billOf(state, item);
  demand(bill !== undefined && bill.kind !== 'creditNote', 'UNKNOWN_BILL', 'no such bill');
  demand(bill.evId === item.evId, 'BILL_OF_OTHER_USER', 'the bill is not of this user');
  demand(item.rating <= parameters.maxRating, 'INVALID_ARGUMENT', 'the rating exceeds the highest');
  const before = state.get(ratingRecord, keys.rating(bill.sessionId));
  if (before !== undefined) {
    demand(
      before.billId === item.settlementId && before.rating === item.rating,
      'ALREADY_RATED',
      'the session was rated before',
    );
    return 'duplicate';
  }
  demand(
    state.get(billMarkRecord, keys.credited(item.settlementId)) === undefined,
    'ALREADY_CREDITED',
    'the bill was taken back',
  );
  state.put(ratingRecord, { settlementId: bill.sessionId, billId: item.settlementId, rating: item.rating });
  applyToStation(state, bill.stationId, item.rating, account, parameters);
  return 'rated';
}

/** Ratings go under the driver's own operator, or the driver's own certificate. */
function raterOf(state: State, caller: Caller, item: RateItemArgs): AccountRecord {
  const account = state.get(accountRecord, keys.account(item.evId));
  demand(account !== undefined, 'UNKNOWN_ACCOUNT', 'no such account');
  const own = account.operatorId === caller.mspId && (caller.role !== 'driver' || caller.evId === item.evId);
  demand(own, 'ACCESS_DENIED', 'the account belongs to another organisation or user');
  return account;
}

function applyToStation(
  state: State,
  stationId: string,
  rating: number,
  rater: AccountRecord,
  parameters: ParametersRecord,
): void {
  const before = state.get(evaluationRecord, keys.evaluation(stationId));
  const station = state.get(stationRecord, keys.station(stationId));
  demand(station !== undefined, 'INTERNAL', 'a bill names a station that is not there');
  const evaluationE6 = applyRating({
    ratingBeforeE6: before?.evaluationE6 ?? 0,
    rating,
    creditSum: rater.creditSum,
    creditCount: rater.creditCount,
    endorsements: state.get(nodeEndorsementsRecord, keys.nodeEndorsements(station.peerNode))?.endorsements ?? 0,
    ledgerUpdates: state.get(ledgerUpdatesRecord, keys.ledgerUpdates())?.ledgerUpdates ?? 0,
    parameters,
  });
  state.put(evaluationRecord, { stationId, evaluationE6, ratingCount: (before?.ratingCount ?? 0) + 1 });
}
