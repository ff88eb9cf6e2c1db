import type { CanonicalValue } from '../canonical-json.js';
import { instantOf, newestFirst } from './newest-first.js';
import { positional, RecordError, type RowReader, smallInteger } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** One contiguous price interval of a bill; fees are recomputed from the price, never stored. */
export interface StoredBillLine {
  readonly priceId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly energyWh: bigint;
}

/** How a bill came to be. */
export type BillKind = 'bill' | 'creditNote' | 'replacement';

/** `B~evId~ts~settlementId`: a bill, or a credit note (energy and total negative copies). */
export interface BillRecord {
  readonly settlementId: string;
  readonly evId: string;
  readonly stationId: string;
  readonly kind: BillKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly meterStartWh: bigint;
  readonly meterStopWh: bigint;
  readonly totalMinor: bigint;
  readonly lines: readonly StoredBillLine[];
  /** creditNote: the credited bill; replacement: the credited bill that it replaces; bill: itself. */
  readonly refersTo: string;
  /** Settlement id of the session's first bill: the one key of its credit award and rating. */
  readonly sessionId: string;
}

/** A plain bill has no further fields, so that the usual record stays short. */
const KIND_LETTERS = { C: 'creditNote', R: 'replacement' } as const;

/**
 * Lines are contiguous and their energy adds up, so the last line's end and energy follow from the bill:
 * `[1, stationId, durationMs, meterStartWh, energyWh, total, [priceId, durationMs, energyWh, …, priceId]]`.
 */
export const billRecord = positional<BillRecord>({
  type: STATE_TYPES.bill,
  version: 1,
  keyParts: (bill) => [bill.evId, newestFirst(bill.endMs), bill.settlementId],
  toRow: (bill) => [
    bill.stationId,
    bill.endMs - bill.startMs,
    smallInteger(bill.meterStartWh),
    smallInteger(bill.meterStopWh - bill.meterStartWh),
    bill.totalMinor.toString(),
    linesToRow(bill),
    ...correctionToRow(bill),
  ],
  fromRow: (key, row) => {
    const evId = key.part();
    const endMs = instantOf(key.part());
    const settlementId = key.part();
    const stationId = row.text();
    const startMs = endMs - row.integer();
    const meterStartWh = row.bigint();
    const energyWh = row.bigint();
    const totalMinor = row.amount();
    const cuts = row.inner(cutFromRow);
    const correction = correctionFromRow(row, settlementId);
    const sign = correction.kind === 'creditNote' ? -1n : 1n;
    const lines = linesFromCuts(cuts, startMs, endMs, sign * energyWh);
    const meterStopWh = meterStartWh + energyWh;
    return {
      settlementId,
      evId,
      stationId,
      ...correction,
      startMs,
      endMs,
      meterStartWh,
      meterStopWh,
      totalMinor,
      lines,
    };
  },
});

function linesToRow(bill: BillRecord): CanonicalValue[] {
  return bill.lines.flatMap((line, index) =>
    index === bill.lines.length - 1
      ? [line.priceId]
      : [line.priceId, line.toMs - line.fromMs, smallInteger(line.energyWh)],
  );
}

interface Cut {
  readonly priceId: string;
  readonly rest: { readonly durationMs: number; readonly energyWh: bigint } | undefined;
}

function cutFromRow(row: RowReader): Cut {
  const priceId = row.text();
  return { priceId, rest: row.more() ? { durationMs: row.integer(), energyWh: row.bigint() } : undefined };
}

function linesFromCuts(cuts: readonly Cut[], startMs: number, endMs: number, energyWh: bigint): StoredBillLine[] {
  let fromMs = startMs;
  let remainingWh = energyWh;
  return cuts.map(({ priceId, rest }) => {
    const line = {
      priceId,
      fromMs,
      toMs: rest ? fromMs + rest.durationMs : endMs,
      energyWh: rest?.energyWh ?? remainingWh,
    };
    fromMs = line.toMs;
    remainingWh -= line.energyWh;
    return line;
  });
}

function correctionToRow(bill: BillRecord): CanonicalValue[] {
  if (bill.kind === 'bill') return [];
  const letter = bill.kind === 'creditNote' ? 'C' : 'R';
  return bill.sessionId === bill.refersTo ? [letter, bill.refersTo] : [letter, bill.refersTo, bill.sessionId];
}

function correctionFromRow(row: RowReader, settlementId: string): Pick<BillRecord, 'kind' | 'refersTo' | 'sessionId'> {
  if (!row.more()) return { kind: 'bill', refersTo: settlementId, sessionId: settlementId };
  const letter = row.text();
  if (letter !== 'C' && letter !== 'R') throw new RecordError(`B: unknown kind ${letter}`);
  const refersTo = row.text();
  return { kind: KIND_LETTERS[letter], refersTo, sessionId: row.more() ? row.text() : refersTo };
}
