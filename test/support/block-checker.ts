import { balanceMinor, movedMinor, replayChain } from './chain-replay.js';
import { type AcknowledgedStop, type BooksSnapshot, readSnapshot, type SqlRows } from './books-snapshot.js';
import { entryOf, type StateEntry } from './state-entry.js';

export const OLDEST_OPEN_MS_MAX = 5 * 60_000;
const QUARANTINED = new Set(['quarantined', 'invalid', 'dropped']);

export interface Verdict {
  /** Acknowledged Stops without bill and without quarantine row. */
  readonly lost: number;
  /** Acknowledged Stops with more than one. */
  readonly doubled: number;
  /** Payments that took or left a driver below the threshold. */
  readonly unpaid: number;
  /** What is broken, each with the number of its invariant (reliability.md section 10). */
  readonly violations: readonly string[];
}

/** A bill as the chain says it: key `B~evId~time~settlementId`. */
interface ChainBill {
  readonly settlementId: string;
  readonly evId: string;
  readonly stationId: string;
  readonly meterStartWh: number;
  readonly energyWh: number;
  readonly totalMinor: bigint;
  readonly lines: readonly { readonly priceId: string; readonly energyWh: number }[];
  readonly isCreditNote: boolean;
  readonly sessionId: string;
}

/** Reads chain and tables by plain SQL, with no code of the product, and checks the invariants. */
export async function checkBooks(sql: SqlRows, stops: readonly AcknowledgedStop[]): Promise<Verdict> {
  return checkSnapshot(await readSnapshot(sql), stops);
}

/** The checks alone. */
export function checkSnapshot(books: BooksSnapshot, stops: readonly AcknowledgedStop[]): Verdict {
  const { state, violations, settled, unpaid } = replayChain(books.blocks);
  const entries = [...state].map(([key, value]) => entryOf(key, value));
  const bills = entries.filter(({ type }) => type === 'B').map(chainBill);
  const acknowledged = checkAcknowledged(books, bills, stops);
  return {
    ...acknowledged.counts,
    unpaid,
    violations: [
      ...violations,
      ...checkState(books, state),
      ...checkSupply(entries),
      ...checkAmounts(entries, bills),
      ...checkAccounts(entries, bills),
      ...checkFinals(books, bills, settled),
      ...checkOnce(books, entries),
      ...acknowledged.violations,
      ...checkAge(books),
    ],
  };
}

function chainBill({ parts, row }: StateEntry): ChainBill {
  const [evId = '', , settlementId = ''] = parts;
  const [, stationId, , meterStartWh, energyWh, total, cuts, letter, refersTo, sessionId] = row;
  const isCreditNote = letter === 'C';
  return {
    settlementId,
    evId,
    stationId: String(stationId),
    meterStartWh: Number(meterStartWh),
    energyWh: Number(energyWh),
    totalMinor: BigInt(String(total)),
    lines: linesOf(cuts as unknown[], Number(energyWh) * (isCreditNote ? -1 : 1)),
    isCreditNote,
    sessionId: letter === undefined ? settlementId : String(sessionId ?? refersTo),
  };
}

/** A flat row `priceId, durationMs, energyWh, priceId, …, priceId`: the last line takes the rest of the energy. */
function linesOf(cuts: readonly unknown[], energyWh: number): { priceId: string; energyWh: number }[] {
  let restWh = energyWh;
  return cuts.flatMap((priceId, index) => {
    if (index % 3 !== 0) return [];
    const lineWh = cuts[index + 2] === undefined ? restWh : Number(cuts[index + 2]);
    restWh -= lineWh;
    return [{ priceId: String(priceId), energyWh: lineWh }];
  });
}

/** I6: the current state is what the blocks add up to. */
function checkState(books: BooksSnapshot, state: ReadonlyMap<string, string>): string[] {
  const name = (key: string): string => key.split('\u0000').filter(Boolean).join('~');
  const differing = [...state].filter(([key, value]) => books.state.get(key) !== value);
  const extra = [...books.state.keys()].filter((key) => !state.has(key));
  return [
    ...differing.map(([key]) => `I6 ${name(key)} is not what the blocks add up to`),
    ...extra.map((key) => `I6 ${name(key)} stands in no block`),
  ];
}

/** I1: balances = deposits − pay-outs − refunds. */
function checkSupply(entries: readonly StateEntry[]): string[] {
  const balances = entries.reduce((sum, entry) => sum + balanceMinor(entry), 0n);
  const moved = entries.reduce((sum, entry) => sum + movedMinor(entry), 0n);
  return balances === moved ? [] : [`I1 balances ${balances} ≠ deposits − pay-outs − refunds ${moved}`];
}

/** I5: every total is its energy at the prices that its lines name, each fee rounded half away from zero. */
function checkAmounts(entries: readonly StateEntry[], bills: readonly ChainBill[]): string[] {
  const prices = new Map(entries.filter(({ type }) => type === 'T').map(({ parts, row }) => [parts[0], row]));
  const feeMinor = (priceE4: unknown, energyWh: number): bigint =>
    (BigInt(Number(priceE4)) * BigInt(energyWh) + 50_000n) / 100_000n;
  return bills.flatMap(({ settlementId, lines, totalMinor, isCreditNote }) => {
    const expected = lines.reduce((sum, { priceId, energyWh }) => {
      const price = prices.get(priceId);
      return sum + feeMinor(price?.[8] ?? 0, energyWh) + feeMinor(price?.[9] ?? 0, energyWh);
    }, 0n);
    const total = isCreditNote ? -totalMinor : totalMinor;
    return expected === total ? [] : [`I5 ${settlementId} bills ${total}, its lines make ${expected}`];
  });
}

/** I6 and I9: an account's entries rebuild its balance, and it was awarded once per session. */
function checkAccounts(entries: readonly StateEntry[], bills: readonly ChainBill[]): string[] {
  const expected = new Map<string, bigint>();
  const add = (account: string, minor: bigint): void =>
    void expected.set(account, (expected.get(account) ?? 0n) + minor);
  for (const entry of entries) {
    if (entry.type === 'X' && entry.parts[0] !== 'payOut') add(String(entry.row[1]), movedMinor(entry));
  }
  for (const { evId, totalMinor } of bills) add(evId, -totalMinor);
  const accounts = entries.filter(({ type }) => type === 'A');
  return accounts.flatMap((entry) => {
    const [evId = ''] = entry.parts;
    const sessions = new Set(bills.filter((bill) => bill.evId === evId).map(({ sessionId }) => sessionId)).size;
    const balance = balanceMinor(entry);
    return [
      ...(balance === (expected.get(evId) ?? 0n)
        ? []
        : [`I6 ${evId} has ${balance}, its entries make ${expected.get(evId) ?? 0n}`]),
      ...(Number(entry.row[4]) === sessions
        ? []
        : [`I9 ${evId}: ${String(entry.row[4])} awards for ${sessions} sessions`]),
    ];
  });
}

/** I7: `final` in the database ⇔ valid on the ledger, field by field, both directions. */
function checkFinals(
  books: BooksSnapshot,
  bills: readonly ChainBill[],
  settled: ReadonlyMap<string, { readonly txId: string }>,
): string[] {
  const byId = new Map(bills.map((bill) => [bill.settlementId, bill]));
  const finals = new Map(books.settlements.filter(({ state }) => state === 'final').map((row) => [row.id, row]));
  const projected = new Map(books.bills.map((row) => [row.id, row]));
  const said = (row: object | undefined): string => JSON.stringify(row ?? null);
  const of = (bill: ChainBill | undefined): object | undefined =>
    bill && {
      evId: bill.evId,
      meterStartWh: bill.meterStartWh,
      energyWh: bill.energyWh,
      totalMinor: String(bill.totalMinor),
    };
  const missing = [...settled].filter(([id]) => !finals.has(id)).map(([id]) => `I7 ${id} is on the ledger, not final`);
  const differing = [...finals].flatMap(([id, row]) => {
    const ledger = said({ ...of(byId.get(id)), txId: settled.get(id)?.txId });
    const { evId, meterStartWh, energyWh, totalMinor, txId } = row;
    const database = said({ evId, meterStartWh, energyWh, totalMinor, txId });
    return ledger === database ? [] : [`I7 ${id}: database ${database}, ledger ${ledger}`];
  });
  const bad = bills.filter((bill) => said(of(bill)) !== said(contentOf(projected.get(bill.settlementId))));
  return [
    ...missing,
    ...differing,
    ...bad.map(({ settlementId }) => `I7 bill ${settlementId} is not projected as the ledger says`),
    ...(projected.size === bills.length ? [] : [`I7 ${projected.size} bills projected, ${bills.length} on the ledger`]),
  ];
}

function contentOf(row: BooksSnapshot['bills'][number] | undefined): object | undefined {
  return row && { evId: row.evId, meterStartWh: row.meterStartWh, energyWh: row.energyWh, totalMinor: row.totalMinor };
}

/** I9: one rating per session, in the ledger and beside it. */
function checkOnce(books: BooksSnapshot, entries: readonly StateEntry[]): string[] {
  const ratings = entries.filter(({ type }) => type === 'V').length;
  return ratings === books.ratings ? [] : [`I9 ${books.ratings} ratings projected, ${ratings} on the ledger`];
}

/** I8: every acknowledged Stop has exactly one bill or quarantine row, and the bill says what the charger said. */
function checkAcknowledged(books: BooksSnapshot, bills: readonly ChainBill[], stops: readonly AcknowledgedStop[]) {
  const sessions = groupBy(books.sessions, (row) => `${row.chargePointId}|${row.meterStartWh}|${row.startedAtMs}`);
  const settlements = new Map(books.settlements.map((row) => [row.id, row]));
  const billsOf = groupBy(bills, ({ sessionId }) => sessionId);
  const counts = { lost: 0, doubled: 0 };
  const violations: string[] = [];
  for (const stop of stops) {
    const name = `${stop.chargePointId}/${stop.transactionId}`;
    const found = sessions.get(`${stop.chargePointId}|${stop.meterStartWh}|${Date.parse(stop.startedAt)}`) ?? [];
    const own = found.flatMap(({ id }) => billsOf.get(id) ?? []).filter(({ isCreditNote }) => !isCreditNote);
    const held = found.filter(({ id }) => QUARANTINED.has(settlements.get(id)?.state ?? ''));
    const rows = own.length + held.length;
    if (rows === 0) counts.lost += 1;
    if (rows > 1) counts.doubled += 1;
    const states = found.map(({ id }) => settlements.get(id)?.state ?? 'no settlement').join(', ');
    if (rows !== 1)
      violations.push(`I8 ${name} has ${rows} bills or quarantine rows (${states === '' ? 'no session' : states})`);
    const energyWh = stop.meterStopWh - stop.meterStartWh;
    const wrong = own.filter((bill) => bill.energyWh !== energyWh || bill.meterStartWh !== stop.meterStartWh);
    violations.push(...wrong.map((bill) => `I8 ${name} said ${energyWh} Wh, its bill ${bill.energyWh} Wh`));
  }
  return { counts, violations };
}

/** I10: nothing waits longer than 5 min. */
function checkAge({ nowMs, settlements }: BooksSnapshot): string[] {
  return settlements
    .filter(({ state, claimedAtMs }) => isOpen(state) && nowMs - claimedAtMs > OLDEST_OPEN_MS_MAX)
    .map(({ id }) => `I10 ${id} is not final after 5 min`);
}

function isOpen(state: string): boolean {
  return state === 'pending' || state === 'prepared' || state === 'submitted';
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
