import { billLine, billOf } from './bill-line.js';
import type { Bill, BillLine, LineClaim } from './bill-line.js';
import type { MeteredSpan } from './energy.js';
import type { AmountMinor } from './money.js';
import { MAX_LINES } from './price-intervals.js';
import { ok, refuse } from './result.js';
import type { Result } from './result.js';
import { spanFault } from './settlement-fault.js';
import type { LineFault, SettlementFault, SumFault } from './settlement-fault.js';
import { holdsThroughout } from './tariff.js';
import type { Price, Tariff } from './tariff.js';
import type { OffsetTransition } from './utc-offset.js';

export interface SettlementClaim extends MeteredSpan {
  readonly lines: readonly LineClaim[];
  /** The station's; it suffices that it holds the prices that the lines name. */
  readonly tariff: Tariff;
  readonly offsets: readonly OffsetTransition[];
  /** The worker's own total: a difference is a rejection, not a correction. */
  readonly totalMinor: AmountMinor;
}

/**
 * The contract's side of settlement: fees come from the tariff alone, and the lines must be the only cut of the session
 * that the tariff allows. How energy falls on the lines is the worker's word, its sum is not.
 */
export function checkLines(claim: SettlementClaim): Result<Bill, SettlementFault> {
  const fault = spanFault(claim) ?? countFault(claim.lines);
  if (fault !== undefined) return refuse(fault);
  if (claim.offsets.length === 0) return refuse({ code: 'NO_OFFSETS' });
  const lines: BillLine[] = [];
  for (const [lineIndex, line] of claim.lines.entries()) {
    const checked = checkLine(claim, line, lineIndex);
    if (!checked.ok) return checked;
    lines.push(checked.value);
  }
  const bill = billOf(lines);
  const wrongSum = sumFault(claim, bill);
  return wrongSum === undefined ? ok(bill) : refuse(wrongSum);
}

function countFault(lines: readonly LineClaim[]): SumFault | undefined {
  if (lines.length === 0) return { code: 'NO_LINES' };
  return lines.length > MAX_LINES ? { code: 'TOO_MANY_LINES' } : undefined;
}

function checkLine(claim: SettlementClaim, line: LineClaim, lineIndex: number): Result<BillLine, LineFault> {
  const price = claim.tariff.prices.find(({ priceId }) => priceId === line.priceId);
  if (price === undefined) return refuse({ code: 'UNKNOWN_PRICE', lineIndex });
  const code = lineFaultCode(claim, line, lineIndex, price);
  return code === undefined ? ok(billLine(line, price)) : refuse({ code, lineIndex });
}

function lineFaultCode(
  claim: SettlementClaim,
  line: LineClaim,
  lineIndex: number,
  price: Price,
): LineFault['code'] | undefined {
  const before = claim.lines[lineIndex - 1];
  if (line.fromMs !== (before?.toMs ?? claim.startMs) || !hasDuration(claim, line)) return 'NOT_CONTIGUOUS';
  if (before?.priceId === line.priceId) return 'NOT_MERGED';
  if (line.energyWh < 0n) return 'LINE_ENERGY';
  return holdsThroughout(price, claim.offsets, line.fromMs, line.toMs) ? undefined : 'PRICE_NOT_VALID';
}

/** Only a session without duration has a line without duration. A line never reaches beyond its session. */
function hasDuration({ startMs, endMs }: SettlementClaim, { fromMs, toMs }: LineClaim): boolean {
  if (!Number.isInteger(toMs) || toMs > endMs) return false;
  return startMs === endMs ? toMs === fromMs : toMs > fromMs;
}

function sumFault(claim: SettlementClaim, bill: Bill): SumFault | undefined {
  if (bill.lines.at(-1)?.toMs !== claim.endMs) return { code: 'NOT_COVERED' };
  const energyWh = bill.lines.reduce((sum, line) => sum + line.energyWh, 0n);
  if (energyWh !== claim.meterStopWh - claim.meterStartWh) return { code: 'ENERGY_SUM' };
  return bill.totalMinor === claim.totalMinor ? undefined : { code: 'TOTAL_DIFFERS' };
}
