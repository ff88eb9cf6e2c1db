import {
  accountRecord,
  billMarkRecord,
  billRecord,
  operatorIndexRecord,
  parametersRecord,
  priceRecord,
  REPLACED,
  settlementRecord,
  stationCreditRecord,
  stationRecord,
  type AccountRecord,
  type BillRecord,
  type ItemVerdict,
  type SettleBatchArgs,
  type SettleItemArgs,
  type StationRecord,
} from '@tallywatt/contracts';
import { checkLines, type Price } from '@tallywatt/domain';
import { assertMoney, payAgainFrom, payFrom } from './account-money.js';
import { contentHash } from './content-hash.js';
import { ContractError, demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';
import { assertOwn } from './ownership.js';
import type { State } from './state.js';

/** Money and index rows that one batch writes per station. */
interface StationTally {
  amountMinor: bigint;
  readonly settlementIds: string[];
}

/**
 * rules.md algorithm 2 for a batch: a verdict per item, one bad item never fails the others.
 * Reads only its own `I~`, its accounts, and records that settlements never write.
 */
export async function settleBatch(context: LedgerContext, batch: SettleBatchArgs): Promise<ItemVerdict[]> {
  assertOwn(context.caller, batch.operatorId);
  assertSortedOnce(batch.items.map((item) => item.settlementId));
  const { state } = context;
  await loadBatch(state, batch.items);
  const parameters = state.get(parametersRecord, keys.currentParameters());
  demand(parameters !== undefined, 'NO_PARAMETERS', 'supervision has set no parameters');
  const tallies = new Map<string, StationTally>();
  const verdicts = batch.items.map((item) =>
    verdictOf(item, () => settleItem(state, batch.operatorId, item, parameters.thresholdMinor, tallies)),
  );
  writeStationRows(context, batch.operatorId, tallies);
  return verdicts;
}

/** @throws ContractError INVALID_ARGUMENT unless ids ascend: sorted, and each one once. */
export function assertSortedOnce(ids: readonly string[]): void {
  ids.forEach((id, index) => {
    const before = ids[index - 1];
    demand(before === undefined || before < id, 'INVALID_ARGUMENT', 'items are not sorted by id, each id once');
  });
}

async function loadBatch(state: State, items: readonly SettleItemArgs[]): Promise<void> {
  await state.load([
    keys.currentParameters(),
    ...items.flatMap((item) => [
      keys.settlement(item.settlementId),
      keys.account(item.evId),
      keys.station(item.stationId),
      ...item.lines.map((line) => keys.price(line.priceId)),
      ...(item.replaces === undefined ? [] : replacementKeys(item.replaces)),
    ]),
  ]);
  await state.load(items.flatMap((item) => creditedBillKeys(state, item)));
}

function replacementKeys(replaces: string): string[] {
  return [keys.settlement(replaces), keys.credited(replaces), keys.replaced(replaces)];
}

function creditedBillKeys(state: State, item: SettleItemArgs): string[] {
  if (item.replaces === undefined) return [];
  const settled = state.get(settlementRecord, keys.settlement(item.replaces));
  return settled === undefined ? [] : [keys.bill(settled)];
}

/** Turns a refusal of one item into its verdict. */
export function verdictOf(item: { readonly settlementId: string }, step: () => ItemVerdict['verdict']): ItemVerdict {
  try {
    return { settlementId: item.settlementId, verdict: step() };
  } catch (error) {
    if (!(error instanceof ContractError) || error.code === 'INTERNAL') throw error;
    const verdict = error.code === 'CONTENT_DIFFERS' ? 'conflict' : 'rejected';
    return { settlementId: item.settlementId, verdict, code: error.code };
  }
}

function settleItem(
  state: State,
  operatorId: string,
  item: SettleItemArgs,
  thresholdMinor: bigint,
  tallies: Map<string, StationTally>,
): 'settled' | 'duplicate' {
  const hash = contentHash(item);
  const settled = state.get(settlementRecord, keys.settlement(item.settlementId));
  if (settled !== undefined) {
    demand(settled.contentHash === hash, 'CONTENT_DIFFERS', 'the id was settled with other content');
    return 'duplicate';
  }
  const account = state.get(accountRecord, keys.account(item.evId));
  demand(account !== undefined, 'UNKNOWN_ACCOUNT', 'no such account');
  const station = ownStation(state, item.stationId, operatorId);
  const replaced = replacedBill(state, item);
  const totalMinor = checkedTotal(state, item, station);
  const paid =
    replaced === undefined ? payFrom(account, totalMinor, thresholdMinor) : payAgainFrom(account, totalMinor);
  writeSettlement(state, item, hash, totalMinor, paid, replaced);
  addToTally(tallies, item, totalMinor);
  return 'settled';
}

function ownStation(state: State, stationId: string, operatorId: string): StationRecord {
  const station = state.get(stationRecord, keys.station(stationId));
  demand(station !== undefined, 'UNKNOWN_STATION', 'no such station');
  demand(station.operatorId === operatorId, 'STATION_OF_OTHER_OPERATOR', 'the station belongs to another operator');
  return station;
}

/** @throws ContractError unless the item replaces a credited bill of the same session, for the first time. */
function replacedBill(state: State, item: SettleItemArgs): BillRecord | undefined {
  if (item.replaces === undefined) return undefined;
  const settled = state.get(settlementRecord, keys.settlement(item.replaces));
  demand(settled !== undefined, 'UNKNOWN_BILL', 'the replaced bill does not exist');
  const credited = state.get(billRecord, keys.bill(settled));
  demand(credited !== undefined && credited.kind !== 'creditNote', 'UNKNOWN_BILL', 'the replaced bill does not exist');
  demand(
    state.get(billMarkRecord, keys.credited(item.replaces)) !== undefined,
    'NOT_CREDITED',
    'the replaced bill is not credited',
  );
  demand(
    state.get(billMarkRecord, keys.replaced(item.replaces)) === undefined,
    'ALREADY_REPLACED',
    'the bill was replaced before',
  );
  demand(
    credited.evId === item.evId && credited.stationId === item.stationId,
    'REPLACES_OTHER_SESSION',
    'the replaced bill has other parties',
  );
  return credited;
}

/** The contract's own total. @throws ContractError with the domain's fault when the lines or the worker's total are wrong. */
function checkedTotal(state: State, item: SettleItemArgs, station: StationRecord): bigint {
  const priceIds = [...new Set(item.lines.map((line) => line.priceId))];
  const prices = priceIds.map((priceId) => priceOf(state, priceId, station));
  const checked = checkLines({
    startMs: item.startMs,
    endMs: item.endMs,
    meterStartWh: BigInt(item.meterStartWh),
    meterStopWh: BigInt(item.meterStopWh),
    lines: item.lines.map((line) => ({ ...line, energyWh: BigInt(line.energyWh) })),
    tariff: { tariffId: station.tariffId, operatorId: station.operatorId, prices },
    offsets: station.offsets,
    totalMinor: BigInt(item.totalMinor),
  });
  if (!checked.ok) throw new ContractError(`LINES_${checked.fault}`, 'the bill does not follow from the tariff');
  return checked.value.totalMinor;
}

function priceOf(state: State, priceId: string, station: StationRecord): Price {
  const price = state.get(priceRecord, keys.price(priceId));
  demand(price !== undefined, 'UNKNOWN_PRICE', 'no such price');
  demand(
    price.tariffId === station.tariffId && price.operatorId === station.operatorId,
    'PRICE_OF_OTHER_TARIFF',
    "the price is not of the station's tariff",
  );
  return price;
}

function writeSettlement(
  state: State,
  item: SettleItemArgs,
  hash: string,
  totalMinor: bigint,
  paid: AccountRecord,
  replaced: BillRecord | undefined,
): void {
  const { settlementId, evId, endMs } = item;
  assertMoney(paid.balanceMinor);
  state.put(settlementRecord, { settlementId, contentHash: hash, evId, endMs });
  state.put(accountRecord, paid);
  state.put(billRecord, billOf(item, totalMinor, replaced));
  if (replaced !== undefined) {
    state.put(billMarkRecord, { kind: REPLACED, settlementId: replaced.settlementId, by: settlementId });
  }
}

function billOf(item: SettleItemArgs, totalMinor: bigint, replaced: BillRecord | undefined): BillRecord {
  return {
    settlementId: item.settlementId,
    evId: item.evId,
    stationId: item.stationId,
    kind: replaced === undefined ? 'bill' : 'replacement',
    startMs: item.startMs,
    endMs: item.endMs,
    meterStartWh: BigInt(item.meterStartWh),
    meterStopWh: BigInt(item.meterStopWh),
    totalMinor,
    lines: item.lines.map((line) => ({ ...line, energyWh: BigInt(line.energyWh) })),
    refersTo: replaced?.settlementId ?? item.settlementId,
    sessionId: replaced?.sessionId ?? item.settlementId,
  };
}

function addToTally(tallies: Map<string, StationTally>, item: SettleItemArgs, totalMinor: bigint): void {
  const tally = tallies.get(item.stationId) ?? { amountMinor: 0n, settlementIds: [] };
  tally.amountMinor += totalMinor;
  tally.settlementIds.push(item.settlementId);
  tallies.set(item.stationId, tally);
}

/** Blind writes: one delta row per station and one index row per batch, so that hot stations never conflict. */
function writeStationRows(
  context: LedgerContext,
  operatorId: string,
  tallies: ReadonlyMap<string, StationTally>,
): void {
  if (tallies.size === 0) return;
  const { state, txTimeMs, txId } = context;
  const stations = [...tallies].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [stationId, { amountMinor }] of stations) {
    state.put(stationCreditRecord, { stationId, txTimeMs, txId, amountMinor });
  }
  const index = stations.map(([stationId, { settlementIds }]) => ({ stationId, settlementIds }));
  state.put(operatorIndexRecord, { operatorId, txTimeMs, txId, stations: index });
}
