import { entryOf, type StateEntry } from './state-entry.js';

/** Fields of an account's row, `[version, operator, balance, creditSum, creditCount, arrears, frozen]`. */
interface Account {
  readonly balanceMinor: bigint;
  readonly creditSum: number;
  readonly creditCount: number;
  readonly arrears: number;
}
const NEW_ACCOUNT: Account = { balanceMinor: 0n, creditSum: 0, creditCount: 0, arrears: 0 };
/** `P~current`: `[format, version, α, β, σ, maxLevel, maxRating, threshold, …]`. */
const CURRENT_PARAMETERS = '\u0000P\u0000current\u0000';
const THRESHOLD_FIELD = 7;

type Writes = readonly (readonly [string, string | null])[];

/** I2: only a payment takes a driver below the threshold, at the price of one −1 and one arrear; nobody takes out what is not there. */
export class AccountRules {
  readonly violations: string[] = [];
  /** Payments that ended below the threshold. */
  unpaid = 0;
  private readonly stationMinor = new Map<string, bigint>();

  /** One valid transaction; `before` is the state that it found. */
  apply(before: ReadonlyMap<string, string>, txId: string, writes: Writes): void {
    const written = writes.flatMap(([key, value]) => (value === null ? [] : [entryOf(key, value)]));
    for (const entry of written) {
      if (entry.type === 'X' && entry.parts[0] === 'payOut') this.checkPayOut(txId, entry);
      if (entry.type === 'A') this.checkAccount(before, txId, entry, written);
    }
    for (const [key, value] of writes) this.moveStation(key, before.get(key) ?? null, value);
  }

  /** The balance is that of before the transaction: a pay-out comes alone. */
  private checkPayOut(txId: string, { row }: StateEntry): void {
    const [, station, amount] = row;
    const balance = this.stationMinor.get(String(station)) ?? 0n;
    if (BigInt(String(amount)) > balance)
      this.violations.push(`I2 ${txId} pays ${String(amount)} out of ${String(station)}, which has ${balance}`);
  }

  private checkAccount(
    before: ReadonlyMap<string, string>,
    txId: string,
    { parts, row }: StateEntry,
    written: readonly StateEntry[],
  ): void {
    const [evId = ''] = parts;
    const old = before.get(`\u0000A\u0000${evId}\u0000`);
    const from = old === undefined ? NEW_ACCOUNT : accountOf(JSON.parse(old) as unknown[]);
    const to = accountOf(row);
    const parameters = before.get(CURRENT_PARAMETERS);
    const thresholdMinor = parameters === undefined ? 0n : thresholdOf(JSON.parse(parameters) as unknown[]);
    const bills = written.filter(({ type, parts: [payer] }) => type === 'B' && payer === evId);
    const isBelow = to.balanceMinor < thresholdMinor;
    if (bills.length === 0) {
      if (isBelow && to.balanceMinor < from.balanceMinor)
        this.violations.push(`I2 ${txId} takes ${evId} to ${to.balanceMinor} without a payment`);
      return;
    }
    // A credit note returns money, a replacement takes it again; neither is awarded.
    if (bills.every(({ row: [, , , , , , , letter] }) => letter === undefined))
      this.checkAwards(`${txId} of ${evId}`, from, to, bills.length, isBelow);
  }

  /** Each payment is awarded once: +1, or −1 and an arrear when the balance ended below. */
  private checkAwards(name: string, from: Account, to: Account, payments: number, isBelow: boolean): void {
    const arrears = to.arrears - from.arrears;
    const isRight =
      to.creditCount - from.creditCount === payments &&
      to.creditSum - from.creditSum === payments - 2 * arrears &&
      (isBelow ? arrears >= 1 && arrears <= payments : arrears === 0);
    if (isRight) this.unpaid += arrears;
    else
      this.violations.push(
        `I2 ${name}: ${payments} payments to ${to.balanceMinor}, ${arrears} arrears, credit ${from.creditSum}/${from.creditCount} → ${to.creditSum}/${to.creditCount}`,
      );
  }

  private moveStation(key: string, before: string | null, after: string | null): void {
    const of = (value: string | null): bigint => (value === null ? 0n : BigInt(String(entryOf(key, value).row[1])));
    const [, type, station = ''] = key.split('\u0000');
    if (type !== 'S' && type !== 'F') return;
    this.stationMinor.set(station, (this.stationMinor.get(station) ?? 0n) + of(after) - of(before));
  }
}

function accountOf(row: readonly unknown[]): Account {
  return {
    balanceMinor: BigInt(String(row[2])),
    creditSum: Number(row[3]),
    creditCount: Number(row[4]),
    arrears: Number(row[5]),
  };
}

function thresholdOf(row: readonly unknown[]): bigint {
  return BigInt(String(row[THRESHOLD_FIELD]));
}
