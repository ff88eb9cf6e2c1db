import { ENERGY_WH_MAX, registerAt, registerPoints, type Reading } from './energy.js';
import { AMOUNT_MINOR_MAX, feeMinor, type AmountMinor } from './money.js';
import { failure, success, type Result } from './result.js';
import { priceIntervals, type IntervalFault, type PriceInterval } from './price-intervals.js';
import type { Price, Tariff } from './tariff.js';
import type { EpochMs } from './time.js';
import type { OffsetTransition } from './utc-offset.js';

/** One line of a bill: one contiguous price interval that the session touched (rules.md "Charging fee"). */
export interface BillLine {
  readonly priceId: string;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  readonly energyWh: bigint;
  readonly electricityPriceE4: bigint;
  readonly servicePriceE4: bigint;
  readonly electricityFeeMinor: AmountMinor;
  readonly serviceFeeMinor: AmountMinor;
}

export interface PricedSession {
  readonly lines: readonly BillLine[];
  readonly totalMinor: AmountMinor;
}

/** What is billed: the session's times and registers E_s, E_e, and the price list of its station. */
export interface BillableSession {
  readonly startMs: EpochMs;
  readonly endMs: EpochMs;
  readonly meterStartWh: bigint;
  readonly meterStopWh: bigint;
  readonly tariff: Tariff;
  readonly offsets: readonly OffsetTransition[];
}

/** Why a session cannot be billed, or a bill cannot be accepted. */
export type SettlementFault =
  | IntervalFault
  | 'INVALID_TIME'
  | 'END_BEFORE_START'
  | 'NEGATIVE_ENERGY'
  | 'ENERGY_OUT_OF_RANGE'
  | 'AMOUNT_OUT_OF_RANGE'
  | 'INTERVALS_DIFFER'
  | 'NEGATIVE_LINE'
  | 'ENERGY_DIFFERS'
  | 'TOTAL_DIFFERS';

/** A line as the worker proposes it; prices and fees are never arguments. */
export type ProposedLine = Pick<BillLine, 'priceId' | 'fromMs' | 'toMs' | 'energyWh'>;

function sessionFault(session: BillableSession): SettlementFault | undefined {
  if (!Number.isSafeInteger(session.startMs) || !Number.isSafeInteger(session.endMs)) return 'INVALID_TIME';
  if (session.endMs < session.startMs) return 'END_BEFORE_START';
  const energyWh = session.meterStopWh - session.meterStartWh;
  if (energyWh < 0n) return 'NEGATIVE_ENERGY';
  return energyWh > ENERGY_WH_MAX || session.meterStartWh < 0n ? 'ENERGY_OUT_OF_RANGE' : undefined;
}

/** Fees of a line, each component rounded once. */
function billLine(line: ProposedLine, price: Price): BillLine {
  return {
    ...line,
    electricityPriceE4: price.electricityPriceE4,
    servicePriceE4: price.servicePriceE4,
    electricityFeeMinor: feeMinor(price.electricityPriceE4, line.energyWh),
    serviceFeeMinor: feeMinor(price.servicePriceE4, line.energyWh),
  };
}

/** Formula (6): the sum of the rounded fees, so that a bill adds up by hand. */
export function totalMinor(lines: readonly Pick<BillLine, 'electricityFeeMinor' | 'serviceFeeMinor'>[]): AmountMinor {
  return lines.reduce((sum, line) => sum + line.electricityFeeMinor + line.serviceFeeMinor, 0n);
}

function priced(tariff: Tariff, proposed: readonly ProposedLine[]): Result<PricedSession, SettlementFault> {
  const prices = new Map(tariff.prices.map((price) => [price.priceId, price]));
  const lines: BillLine[] = [];
  for (const line of proposed) {
    const price = prices.get(line.priceId);
    if (price === undefined) return failure('NO_PRICE');
    lines.push(billLine(line, price));
  }
  const total = totalMinor(lines);
  return total > AMOUNT_MINOR_MAX ? failure('AMOUNT_OUT_OF_RANGE') : success({ lines, totalMinor: total });
}

function withEnergy(
  session: BillableSession,
  readings: readonly Reading[],
  intervals: readonly PriceInterval[],
): ProposedLine[] {
  const start = { atMs: session.startMs, registerWh: session.meterStartWh };
  const points = registerPoints(start, { atMs: session.endMs, registerWh: session.meterStopWh }, readings);
  let fromWh = session.meterStartWh;
  return intervals.map((interval, index) => {
    const isLast = index === intervals.length - 1;
    const toWh = isLast ? session.meterStopWh : registerAt(points, interval.toMs);
    const energyWh = toWh - fromWh;
    fromWh = toWh;
    return { ...interval, energyWh };
  });
}

/**
 * The worker's side: facts → lines. Σ `energyWh` = E_e − E_s exactly; readings outside the session or against the order
 * of the register are left out (see `registerPoints`).
 */
export function priceSession(
  session: BillableSession & { readonly readings: readonly Reading[] },
): Result<PricedSession, SettlementFault> {
  const fault = sessionFault(session);
  if (fault !== undefined) return failure(fault);
  const intervals = priceIntervals(session.tariff, session.offsets, session.startMs, session.endMs);
  if (!intervals.ok) return intervals;
  return priced(session.tariff, withEnergy(session, session.readings, intervals.value));
}

function sameIntervals(proposed: readonly ProposedLine[], expected: readonly PriceInterval[]): boolean {
  return (
    proposed.length === expected.length &&
    proposed.every((line, index) => {
      const interval = expected[index];
      return (
        interval !== undefined &&
        line.priceId === interval.priceId &&
        line.fromMs === interval.fromMs &&
        line.toMs === interval.toMs
      );
    })
  );
}

/**
 * The contract's side: every interval is derived again from the ledger's tariff, every fee computed again, and a
 * difference is a fault, never a correction. How energy splits between lines is the worker's evidence; its sum is not.
 */
export function checkLines(
  session: BillableSession & { readonly lines: readonly ProposedLine[]; readonly totalMinor: AmountMinor },
): Result<PricedSession, SettlementFault> {
  const fault = sessionFault(session);
  if (fault !== undefined) return failure(fault);
  const intervals = priceIntervals(session.tariff, session.offsets, session.startMs, session.endMs);
  if (!intervals.ok) return intervals;
  if (!sameIntervals(session.lines, intervals.value)) return failure('INTERVALS_DIFFER');
  if (session.lines.some(({ energyWh }) => energyWh < 0n)) return failure('NEGATIVE_LINE');
  const energyWh = session.lines.reduce((sum, line) => sum + line.energyWh, 0n);
  if (energyWh !== session.meterStopWh - session.meterStartWh) return failure('ENERGY_DIFFERS');
  const result = priced(session.tariff, session.lines);
  if (result.ok && result.value.totalMinor !== session.totalMinor) return failure('TOTAL_DIFFERS');
  return result;
}

/** A credit note is the full negative copy of a bill, line by line (rules.md "Payment"). */
export function creditNoteLines(lines: readonly BillLine[]): BillLine[] {
  return lines.map((line) => ({
    ...line,
    energyWh: -line.energyWh,
    electricityFeeMinor: -line.electricityFeeMinor,
    serviceFeeMinor: -line.serviceFeeMinor,
  }));
}
