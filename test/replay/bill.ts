import type { Row } from './dundee.js';

/** A price of `GET /v1/tariffs`, as far as a flat year of time-of-use prices needs it. */
export interface Price {
  readonly priceId: string;
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly electricityPriceE4: bigint;
  readonly servicePriceE4: bigint;
}

export interface ExpectedLine {
  readonly priceId: string;
  readonly fromS: number;
  readonly toS: number;
  readonly energyWh: bigint;
  readonly electricityMinor: bigint;
  readonly serviceMinor: bigint;
}

export interface ExpectedBill {
  readonly meterStartWh: number;
  readonly energyWh: number;
  readonly lines: readonly ExpectedLine[];
  readonly totalMinor: bigint;
}

const SECONDS_PER_MINUTE = 60;
const LONDON_HOUR = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hourCycle: 'h23', hour: '2-digit' });
const offsetMinutesAtHour = new Map<number, number>();

/** London is at UTC or one hour ahead, and changes on the hour. */
function londonOffsetMinutes(seconds: number): number {
  const hour = Math.floor(seconds / 3600);
  let offset = offsetMinutesAtHour.get(hour);
  if (offset === undefined) {
    offset = Number(LONDON_HOUR.format(hour * 3_600_000)) === hour % 24 ? 0 : 60;
    offsetMinutesAtHour.set(hour, offset);
  }
  return offset;
}

/** rules.md: fee = price × Wh / 100 000, rounded half away from zero to the minor unit; neither is negative here. */
export function feeMinor(priceE4: bigint, energyWh: bigint): bigint {
  return (priceE4 * energyWh + 50_000n) / 100_000n;
}

function priceAt(prices: readonly Price[], seconds: number): Price {
  const localMinute = (Math.floor(seconds / SECONDS_PER_MINUTE) + londonOffsetMinutes(seconds)) % 1440;
  const found = prices.find((price) => price.fromMinute <= localMinute && localMinute < price.toMinute);
  if (found === undefined) throw new Error(`no price at minute ${localMinute}`);
  return found;
}

/** Instants at which a new price begins, found by looking at every minute between start and end. */
function intervals(
  prices: readonly Price[],
  startS: number,
  endS: number,
): { price: Price; fromS: number; toS: number }[] {
  const found = [{ price: priceAt(prices, startS), fromS: startS, toS: endS }];
  const firstMinuteS = (Math.floor(startS / SECONDS_PER_MINUTE) + 1) * SECONDS_PER_MINUTE;
  for (let atS = firstMinuteS; atS < endS; atS += SECONDS_PER_MINUTE) {
    const price = priceAt(prices, atS);
    const newest = found.at(-1);
    if (newest === undefined || newest.price === price) continue;
    newest.toS = atS;
    found.push({ price, fromS: atS, toS: endS });
  }
  return found;
}

/** The bill of a row from its own start, end, energy, and the tariff: linear register, floored at each boundary. */
export function expectedBill(row: Row, meterStartWh: number, prices: readonly Price[]): ExpectedBill {
  if (row.stop === undefined) throw new Error(`${row.sessionId} has no end`);
  const { endS, energyWh } = row.stop;
  const durationS = BigInt(endS - row.startS);
  const countedAt = (atS: number): bigint =>
    atS === endS ? BigInt(energyWh) : (BigInt(energyWh) * BigInt(atS - row.startS)) / durationS;
  const lines = intervals(prices, row.startS, endS).map(({ price, fromS, toS }) => {
    const lineWh = countedAt(toS) - (fromS === row.startS ? 0n : countedAt(fromS));
    return {
      priceId: price.priceId,
      fromS,
      toS,
      energyWh: lineWh,
      electricityMinor: feeMinor(price.electricityPriceE4, lineWh),
      serviceMinor: feeMinor(price.servicePriceE4, lineWh),
    };
  });
  const totalMinor = lines.reduce((sum, line) => sum + line.electricityMinor + line.serviceMinor, 0n);
  return { meterStartWh, energyWh, lines, totalMinor };
}

/** Register at the start of every row: one per connector, running in file order, moved by what a known user charged. */
export function meterStarts(rows: readonly Row[], firstWh: number): Map<string, number> {
  const registers = new Map<string, number>();
  return new Map(
    rows.map((row) => {
      const connector = `${row.pile}/${row.connector}`;
      const meterStartWh = registers.get(connector) ?? firstWh;
      const movedWh = row.user === '' ? 0 : Math.max(0, row.stop?.energyWh ?? 0);
      registers.set(connector, meterStartWh + movedWh);
      return [row.sessionId, meterStartWh];
    }),
  );
}
