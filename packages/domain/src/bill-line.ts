import { feeMinor } from './money.js';
import type { AmountMinor } from './money.js';
import type { Price } from './tariff.js';

/** What a worker says of a line; the fees follow from the ledger's price. */
export interface LineClaim {
  readonly priceId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly energyWh: bigint;
}

/** One line of a bill: a longest interval in which one price held. */
export interface BillLine extends LineClaim {
  readonly electricityPriceE4: bigint;
  readonly servicePriceE4: bigint;
  readonly electricityFeeMinor: AmountMinor;
  readonly serviceFeeMinor: AmountMinor;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  readonly totalMinor: AmountMinor;
}

/** Formulas (4) and (5) for one line, each fee rounded once. */
export function billLine(claim: LineClaim, price: Price): BillLine {
  const { priceId, fromMs, toMs, energyWh } = claim;
  const { electricityPriceE4, servicePriceE4 } = price;
  return {
    priceId,
    fromMs,
    toMs,
    energyWh,
    electricityPriceE4,
    servicePriceE4,
    electricityFeeMinor: feeMinor(electricityPriceE4, energyWh),
    serviceFeeMinor: feeMinor(servicePriceE4, energyWh),
  };
}

/** Formula (6): the sum of the rounded fees, so that a bill adds up by hand. */
export function billOf(lines: readonly BillLine[]): Bill {
  const totalMinor = lines.reduce((sum, line) => sum + line.electricityFeeMinor + line.serviceFeeMinor, 0n);
  return { lines, totalMinor };
}

/** A bill's full negative copy: energy and fees change their sign, prices and times stay. */
export function creditNoteLines(lines: readonly BillLine[]): readonly BillLine[] {
  return lines.map((line) => ({
    ...line,
    energyWh: -line.energyWh,
    electricityFeeMinor: -line.electricityFeeMinor,
    serviceFeeMinor: -line.serviceFeeMinor,
  }));
}
