import {
  accountRecord,
  billMarkRecord,
  billRecord,
  operatorIndexRecord,
  priceRecord,
  ratingRecord,
  settlementRecord,
  stationRecord,
  STATE_TYPES,
  stateKey,
  type BillAnswer,
  type BillPageAnswer,
  type BillRecord,
  type BillsByAccountArgs,
  type LedgerPageArgs,
  type SettlementRecord,
} from '@tallywatt/contracts';
import { feeMinor } from '@tallywatt/domain';
import { demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';
import { assertReadable, mayRead } from './ownership.js';
import type { State } from './state.js';

/** Index rows read per page at most: a station that rarely occurs must not make one query scan everything. */
const INDEX_ROWS_PER_PAGE = 500;

/** @throws ContractError NOT_FOUND for a bill that is not there, or that the caller may not read. */
export async function getBill(context: LedgerContext, billId: string): Promise<BillAnswer> {
  const { state } = context;
  const settled = await state.find(settlementRecord, keys.settlement(billId));
  demand(settled !== undefined, 'NOT_FOUND', 'no such record');
  const [bill] = await readableBills(context, [settled]);
  demand(bill !== undefined, 'NOT_FOUND', 'no such record');
  return bill;
}

/** Bills of one user, newest first. */
export async function billsByAccount(context: LedgerContext, args: BillsByAccountArgs): Promise<BillPageAnswer> {
  const { state, caller } = context;
  const account = await state.find(accountRecord, keys.account(args.evId));
  assertReadable(caller, args.evId, account?.operatorId ?? '');
  const page = await state.page(billRecord, [args.evId], args.pageSize, args.bookmark);
  return {
    bills: await fullBills(
      state,
      page.entries.map(({ record }) => record),
    ),
    bookmark: page.bookmark,
  };
}

/** Bills of an operator's stations, or of one of them, newest batch first. */
export async function billsByOperator(
  context: LedgerContext,
  operatorId: string,
  args: LedgerPageArgs,
  stationId?: string,
): Promise<BillPageAnswer> {
  assertReadable(context.caller, null, operatorId);
  const { settlementIds, bookmark } = await indexedIds(context.state, operatorId, args, stationId);
  await context.state.load(settlementIds.map((id) => keys.settlement(id)));
  const settled = settlementIds.flatMap((id) => context.state.get(settlementRecord, keys.settlement(id)) ?? []);
  return { bills: await readableBills(context, settled), bookmark };
}

/** Bills of one station; its operator's index knows them. */
export async function billsByStation(
  context: LedgerContext,
  stationId: string,
  args: LedgerPageArgs,
): Promise<BillPageAnswer> {
  const station = await context.state.find(stationRecord, keys.station(stationId));
  demand(station !== undefined, 'NOT_FOUND', 'no such record');
  return billsByOperator(context, station.operatorId, args, stationId);
}

async function readableBills(context: LedgerContext, settled: readonly SettlementRecord[]): Promise<BillAnswer[]> {
  const { state, caller } = context;
  await state.load(settled.map(keys.bill));
  const bills = await fullBills(
    state,
    settled.flatMap((record) => state.get(billRecord, keys.bill(record)) ?? []),
  );
  return bills.filter((bill) => mayRead(caller, bill.evId, bill.userOperatorId, bill.operatorId));
}

async function fullBills(state: State, bills: readonly BillRecord[]): Promise<BillAnswer[]> {
  await state.load(
    bills.flatMap((bill) => [
      keys.settlement(bill.settlementId),
      keys.account(bill.evId),
      keys.station(bill.stationId),
      keys.credited(bill.settlementId),
      keys.replaced(bill.settlementId),
      keys.rating(bill.sessionId),
      ...bill.lines.map((line) => keys.price(line.priceId)),
    ]),
  );
  return bills.map((bill) => billAnswer(state, bill));
}

function billAnswer(state: State, bill: BillRecord): BillAnswer {
  const rating = state.get(ratingRecord, keys.rating(bill.sessionId));
  return {
    settlementId: bill.settlementId,
    kind: bill.kind,
    evId: bill.evId,
    userOperatorId: state.get(accountRecord, keys.account(bill.evId))?.operatorId ?? '',
    stationId: bill.stationId,
    operatorId: state.get(stationRecord, keys.station(bill.stationId))?.operatorId ?? '',
    startMs: bill.startMs,
    endMs: bill.endMs,
    meterStartWh: bill.meterStartWh.toString(),
    meterStopWh: bill.meterStopWh.toString(),
    lines: bill.lines.map((line) => lineAnswer(state, line)),
    totalMinor: bill.totalMinor.toString(),
    refersTo: bill.refersTo,
    sessionId: bill.sessionId,
    contentHash: state.get(settlementRecord, keys.settlement(bill.settlementId))?.contentHash ?? '',
    creditedBy: state.get(billMarkRecord, keys.credited(bill.settlementId))?.by ?? null,
    replacedBy: state.get(billMarkRecord, keys.replaced(bill.settlementId))?.by ?? null,
    rating: rating?.billId === bill.settlementId ? rating.rating : null,
  };
}

/** Fees are not stored: they follow from the price, whose amounts never change. */
function lineAnswer(state: State, line: BillRecord['lines'][number]): BillAnswer['lines'][number] {
  const price = state.get(priceRecord, keys.price(line.priceId));
  demand(price !== undefined, 'INTERNAL', 'a bill names a price that is not there');
  return {
    ...line,
    energyWh: line.energyWh.toString(),
    electricityPriceE4: price.electricityPriceE4.toString(),
    servicePriceE4: price.servicePriceE4.toString(),
    electricityFeeMinor: feeMinor(price.electricityPriceE4, line.energyWh).toString(),
    serviceFeeMinor: feeMinor(price.servicePriceE4, line.energyWh).toString(),
  };
}

interface Position {
  readonly key: string;
  readonly offset: number;
}

/** Ids from the operator's index, from a position on; a row may be left in its middle. */
async function indexedIds(state: State, operatorId: string, args: LedgerPageArgs, stationId: string | undefined) {
  const from = positionOf(args.bookmark, operatorId);
  const page = await state.page(operatorIndexRecord, [operatorId], INDEX_ROWS_PER_PAGE, from.key);
  const settlementIds: string[] = [];
  for (const { key, record } of page.entries) {
    const ids = record.stations.flatMap((row) =>
      stationId === undefined || row.stationId === stationId ? row.settlementIds : [],
    );
    const start = key === from.key ? from.offset : 0;
    const room = args.pageSize - settlementIds.length;
    if (room === 0) return { settlementIds, bookmark: `${key}#${start}` };
    settlementIds.push(...ids.slice(start, start + room));
    if (ids.length - start > room) return { settlementIds, bookmark: `${key}#${start + room}` };
  }
  return { settlementIds, bookmark: page.bookmark === '' ? '' : `${page.bookmark}#0` };
}

function positionOf(bookmark: string, operatorId: string): Position {
  if (bookmark === '') return { key: '', offset: 0 };
  const [, key, offset] = /^(.*)#([0-9]{1,3})$/s.exec(bookmark) ?? [];
  const within = key?.startsWith(stateKey(STATE_TYPES.operatorIndex, operatorId));
  demand(key !== undefined && within === true, 'INVALID_ARGUMENT', 'the bookmark is not of this list');
  return { key, offset: Number(offset) };
}
