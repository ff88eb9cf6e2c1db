import { describe, expect, it } from '@jest/globals';
import type { Caller } from '@tallywatt/contracts';
import type { LedgerWriter } from '../batching/ledger-writer.js';
import { LedgerError } from '../ledger/ledger.port.js';
import { FOLD_KEYS_MAX, foldAndPayOut, FOLDS_PER_PAY_OUT_MAX } from './pay-out.js';
import type { StationQueries } from './station-queries.js';

const CALLER: Caller = { mspId: 'TELD', role: 'treasurer' };

/** A station with credits of 1.00 each, and the writes that it saw. */
class Station {
  readonly writes: string[] = [];
  foldFaults: LedgerError[] = [];
  private foldedMinor = 0n;

  constructor(private credits: number) {}

  readonly queries = {
    folding: (_stationId: string, limit: number) =>
      Promise.resolve({
        foldedMinor: this.foldedMinor,
        deltaKeys: Array.from({ length: Math.min(limit, this.credits) }, (_, i) => `k${i}`),
      }),
  } as unknown as StationQueries;

  readonly writer = {
    write: (fn: string, args: { deltaKeys?: string[] }) => {
      const fault = fn === 'FoldAccount' ? this.foldFaults.shift() : undefined;
      if (fault !== undefined) return Promise.reject(fault);
      this.writes.push(fn);
      this.credits -= args.deltaKeys?.length ?? 0;
      this.foldedMinor += 100n * BigInt(args.deltaKeys?.length ?? 0);
      return Promise.resolve(undefined);
    },
  } as unknown as LedgerWriter;

  payOut(amountMinor: bigint): Promise<void> {
    const args = { stationId: 'cs', amountMinor: amountMinor.toString(), reference: 'r' };
    return foldAndPayOut(this.queries, this.writer, args, CALLER);
  }
}

describe('pay-out', () => {
  it('folds no more than it needs', async () => {
    const station = new Station(3 * FOLD_KEYS_MAX);
    await station.payOut(100n * BigInt(FOLD_KEYS_MAX) + 1n);
    expect(station.writes).toEqual(['FoldAccount', 'FoldAccount', 'PayOut']);
    await station.payOut(1n);
    expect(station.writes.slice(3)).toEqual(['PayOut']);
  });

  it('leaves it to the contract to refuse what is more than everything', async () => {
    const station = new Station(2);
    await station.payOut(1_000_000n);
    expect(station.writes).toEqual(['FoldAccount', 'PayOut']);
  });

  it('looks again when somebody else folded', async () => {
    const station = new Station(2);
    station.foldFaults = [new LedgerError('final', 'NOT_FOUND', 'a delta row is not there')];
    await station.payOut(200n);
    expect(station.writes).toEqual(['FoldAccount', 'PayOut']);
  });

  it('passes every other refusal on', async () => {
    const station = new Station(2);
    station.foldFaults = [new LedgerError('retry', 'LEDGER_UNAVAILABLE', 'away')];
    await expect(station.payOut(200n)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect(station.writes).toEqual([]);
  });

  it('ends after some folds and can be repeated', async () => {
    const station = new Station((FOLDS_PER_PAY_OUT_MAX + 1) * FOLD_KEYS_MAX);
    const everything = 100n * BigInt((FOLDS_PER_PAY_OUT_MAX + 1) * FOLD_KEYS_MAX);
    await expect(station.payOut(everything)).rejects.toMatchObject({ errorClass: 'retry', code: 'FOLDING_UNFINISHED' });
    await station.payOut(everything);
    expect(station.writes.filter((fn) => fn === 'PayOut')).toHaveLength(1);
  });
});
