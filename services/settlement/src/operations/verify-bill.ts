import type { BillAnswer } from '@tallywatt/contracts';
import { canonicalJson } from '@tallywatt/contracts';
import { feeMinor } from '@tallywatt/domain';
import { z } from 'zod';
import type { BillRow } from './bill-queries.js';

const decimal = z.string().regex(/^-?\d+$/);
const line = z.object({
  priceId: z.string(),
  fromMs: z.number(),
  toMs: z.number(),
  energyWh: decimal,
  electricityPriceE4: decimal,
  servicePriceE4: decimal,
  electricityFeeMinor: decimal,
  serviceFeeMinor: decimal,
});
/** The contract's answer to GetBill. */
export const billAnswer = z.object({
  settlementId: z.string(),
  kind: z.enum(['bill', 'creditNote', 'replacement']),
  evId: z.string(),
  userOperatorId: z.string(),
  stationId: z.string(),
  operatorId: z.string(),
  startMs: z.number(),
  endMs: z.number(),
  meterStartWh: decimal,
  meterStopWh: decimal,
  lines: z.array(line),
  totalMinor: decimal,
  refersTo: z.string(),
  sessionId: z.string(),
  contentHash: z.string(),
  creditedBy: z.string().nullable(),
  replacedBy: z.string().nullable(),
  rating: z.number().nullable(),
}) satisfies z.ZodType<BillAnswer>;

export interface ComparedField {
  readonly field: string;
  /** What settlement shows. */
  readonly shown: unknown;
  /** What the ledger says, asked again. */
  readonly ledger: unknown;
  readonly match: boolean;
}

/** The bill as settlement shows it against the ledger's own words, field by field, and its sums done again. */
export function compareBill(shown: BillRow, ledger: BillAnswer): ComparedField[] {
  const fields = new Map<string, unknown>(Object.entries(ledger));
  const compared = Object.entries(asAnswer(shown)).map(([field, value]) => compare(field, value, fields.get(field)));
  return [...compared, compare('sumOfFees', shown.totalMinor.toString(), sumOfFees(ledger).toString())];
}

function compare(field: string, shown: unknown, ledger: unknown): ComparedField {
  return { field, shown, ledger, match: ledger !== undefined && canonicalJson(shown) === canonicalJson(ledger) };
}

/** Fees follow from prices and energy; computed here once more, they are checked too. */
function sumOfFees(bill: BillAnswer): bigint {
  return bill.lines.reduce((sum, { electricityPriceE4, servicePriceE4, energyWh }) => {
    const energy = BigInt(energyWh);
    return sum + feeMinor(BigInt(electricityPriceE4), energy) + feeMinor(BigInt(servicePriceE4), energy);
  }, 0n);
}

function asAnswer(bill: BillRow): BillAnswer {
  return {
    settlementId: bill.billId,
    kind: bill.kind,
    evId: bill.evId,
    userOperatorId: bill.userOperatorId,
    stationId: bill.stationId,
    operatorId: bill.operatorId,
    startMs: bill.startMs,
    endMs: bill.endMs,
    meterStartWh: bill.meterStartWh.toString(),
    meterStopWh: bill.meterStopWh.toString(),
    lines: bill.lines,
    totalMinor: bill.totalMinor.toString(),
    refersTo: bill.refersTo,
    sessionId: bill.sessionId,
    contentHash: bill.contentHash ?? '',
    creditedBy: bill.creditedBy,
    replacedBy: bill.replacedBy,
    rating: bill.rating,
  };
}
