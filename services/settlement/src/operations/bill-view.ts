import type { BillLineView, BillView } from '@tallywatt/contracts';
import { ROUNDING_RULE } from '@tallywatt/domain';
import type { BillRow, BillRowLine } from './bill-queries.js';
import { type Currency, moneyView } from './money-view.js';

/** A bill for people and scripts: every line with its prices and fees, so that it can be added up by hand. */
export function billView(bill: BillRow, currency: Currency, ledger: BillView['ledger']): BillView {
  const lines = bill.lines.map((line) => lineView(line, currency));
  return {
    id: bill.billId,
    kind: bill.kind === 'creditNote' ? 'creditNote' : 'bill',
    evId: bill.evId,
    userOperatorId: bill.userOperatorId,
    stationId: bill.stationId,
    operatorId: bill.operatorId,
    chargePointId: bill.chargePointId,
    startedAt: instant(bill.startMs),
    endedAt: instant(bill.endMs),
    meterStartWh: Number(bill.meterStartWh),
    meterStopWh: Number(bill.meterStopWh),
    // Of the lines: a credit note's is negative, its registers are those of the bill that it copies.
    energyWh: lines.reduce((sum, line) => sum + line.energyWh, 0),
    lines,
    total: moneyView(bill.totalMinor, currency),
    roundingRule: ROUNDING_RULE,
    txId: bill.txId,
    blockNumber: bill.blockNumber,
    finalAt: instant(bill.finalAtMs),
    replaces: bill.kind === 'replacement' ? bill.refersTo : null,
    creditedBy: bill.creditedBy,
    rating: bill.rating,
    ledger,
  };
}

function lineView(line: BillRowLine, currency: Currency): BillLineView {
  return {
    priceId: line.priceId,
    from: instant(line.fromMs),
    to: instant(line.toMs),
    energyWh: Number(line.energyWh),
    electricityPriceE4: Number(line.electricityPriceE4),
    servicePriceE4: Number(line.servicePriceE4),
    electricityFee: moneyView(line.electricityFeeMinor, currency),
    serviceFee: moneyView(line.serviceFeeMinor, currency),
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
