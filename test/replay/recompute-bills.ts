import { readFileSync } from 'node:fs';
import { type CredentialsFile, SUPERVISION, credentialsFile } from '@tallywatt/contracts';
import { Command } from 'commander';
import { z } from 'zod';
import { type ExpectedBill, type Price, expectedBill, meterStarts } from './bill.js';
import { type Row, readDundee } from './dundee.js';
import { predict } from './predict.js';

/** Register of every connector before its first row (mappings/dundee.json says the same). */
const REGISTER_START_WH = 100_000;
const PAGE_SIZE = 200;
const PRINTED_MAX = 50;

const price = z.object({
  priceId: z.string(),
  fromMinute: z.number(),
  toMinute: z.number(),
  electricityPriceE4: z.coerce.bigint(),
  servicePriceE4: z.coerce.bigint(),
});
const money = z.object({ minor: z.string() });
const billLine = z.object({
  priceId: z.string(),
  from: z.string(),
  to: z.string(),
  energyWh: z.number(),
  electricityFee: money,
  serviceFee: money,
});
const bill = z.object({
  kind: z.string(),
  evId: z.string(),
  operatorId: z.string(),
  chargePointId: z.string(),
  startedAt: z.string(),
  meterStartWh: z.number(),
  energyWh: z.number(),
  lines: z.array(billLine),
  total: money,
});
type Bill = z.output<typeof bill>;
const page = z.object({ data: z.array(z.unknown()), nextCursor: z.string().nullable() });

async function* list({ api, users }: CredentialsFile, path: string): AsyncGenerator<unknown> {
  const token = users.find((user) => user.role === 'supervisor' && user.organisation === SUPERVISION)?.token ?? '';
  for (let cursor: string | null = ''; cursor !== null;) {
    const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const response = await fetch(`${api}${path}limit=${PAGE_SIZE}${at}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    const answer = page.parse(await response.json());
    yield* answer.data;
    cursor = answer.nextCursor;
  }
}

async function readPrices(credentials: CredentialsFile): Promise<Map<string, Price[]>> {
  const byOperator = new Map<string, Price[]>();
  for await (const element of list(credentials, '/v1/tariffs?')) {
    const tariff = z.object({ tariffId: z.string(), operatorId: z.string(), prices: z.array(price) }).parse(element);
    if (tariff.tariffId === `${tariff.operatorId}-TOU`) byOperator.set(tariff.operatorId, tariff.prices);
  }
  return byOperator;
}

const keyOf = (pile: string, startMs: number, meterStartWh: number): string => `${pile}|${startMs}|${meterStartWh}`;

async function readBills(credentials: CredentialsFile, operatorIds: Iterable<string>): Promise<Map<string, Bill>> {
  const bills = new Map<string, Bill>();
  for (const operatorId of operatorIds) {
    for await (const element of list(credentials, `/v1/bills?stationId=REPLAY-${operatorId}&`)) {
      const read = bill.parse(element);
      if (read.kind !== 'bill') continue;
      const key = keyOf(read.chargePointId, Date.parse(read.startedAt), read.meterStartWh);
      if (bills.has(key)) throw new Error(`two bills for ${key}`);
      bills.set(key, read);
    }
  }
  return bills;
}

/** What differs between the ledger's bill and the recomputed one; empty when nothing does. */
function compare(row: Row, actual: Bill, expected: ExpectedBill): string[] {
  const faults: string[] = [];
  const check = (what: string, is: unknown, shouldBe: unknown): void => {
    if (String(is) !== String(shouldBe))
      faults.push(`${row.sessionId}: ${what} is ${String(is)}, recomputed ${String(shouldBe)}`);
  };
  check('user', actual.evId, `REPLAY-${row.user}`);
  check('energy', actual.energyWh, expected.energyWh);
  check('total', actual.total.minor, expected.totalMinor);
  check(
    'lines',
    actual.lines
      .map((line) =>
        lineText(
          line.priceId,
          Date.parse(line.from),
          Date.parse(line.to),
          line.energyWh,
          line.electricityFee.minor,
          line.serviceFee.minor,
        ),
      )
      .join(' '),
    expected.lines
      .map((line) =>
        lineText(
          line.priceId,
          line.fromS * 1000,
          line.toS * 1000,
          line.energyWh,
          line.electricityMinor,
          line.serviceMinor,
        ),
      )
      .join(' '),
  );
  return faults;
}

function lineText(...parts: readonly unknown[]): string {
  return parts.map(String).join('/');
}

/** `recompute-bills FILE [--credentials FILE]`: exit code 1 when a bill differs, is missing, or is one too many. */
const program = new Command('recompute-bills')
  .argument('<file>')
  .option('--credentials <file>', 'written by npm start', '.data/credentials.json')
  .parse();
const credentials = credentialsFile.parse(
  JSON.parse(readFileSync(program.opts<{ credentials: string }>().credentials, 'utf8')),
);
const rows = readDundee(readFileSync(program.args[0] ?? '', 'utf8'));
const classes = predict(rows);
const starts = meterStarts(rows, REGISTER_START_WH);
const prices = await readPrices(credentials);
const bills = await readBills(credentials, prices.keys());

const faults: string[] = [];
let totalMinor = 0n;
let compared = 0;
for (const row of rows) {
  if (classes.get(row.sessionId) !== 'final') continue;
  const meterStartWh = starts.get(row.sessionId) ?? 0;
  const key = keyOf(`REPLAY-${row.pile}`, row.startS * 1000, meterStartWh);
  const actual = bills.get(key);
  bills.delete(key);
  if (actual === undefined) {
    faults.push(`${row.sessionId}: no bill`);
    continue;
  }
  const expected = expectedBill(row, meterStartWh, prices.get(actual.operatorId) ?? []);
  faults.push(...compare(row, actual, expected));
  totalMinor += expected.totalMinor;
  compared += 1;
}
for (const key of bills.keys()) faults.push(`${key}: a bill that no row explains`);
for (const fault of faults.slice(0, PRINTED_MAX)) console.log(fault);
console.log(`${compared} bills recomputed, total ${totalMinor} minor units; ${faults.length} differences`);
process.exitCode = faults.length === 0 ? 0 : 1;
