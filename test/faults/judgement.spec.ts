import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { isPassing } from './books.js';
import { isKept, type FaultResult } from './fault-run.js';
import { POSTGRES_QUEUE } from './faulty-queue.js';
import { victimsOf } from './kill.js';

const KEPT: FaultResult = {
  acknowledged: 10,
  lost: 0,
  doubled: 0,
  unpaid: 1,
  kills: 1,
  wipes: 0,
  seed: 1,
  hits: {},
  recoveryMsMax: {},
  resends: 3,
  callErrors: 0,
  violations: [],
};

describe('judgement of a fault run', () => {
  it('passes when nothing was lost, doubled or broken', () => {
    expect(isKept(KEPT)).toBe(true);
  });

  it.each<[string, Partial<FaultResult>]>([
    ['a lost Stop', { lost: 1 }],
    ['a doubled Stop', { doubled: 1 }],
    ['a broken invariant', { violations: ['I1 …'] }],
    ['nothing that could be lost', { acknowledged: 0 }],
    ['no payment that was not covered', { unpaid: 0 }],
    ['a CALLERROR to a transaction message', { callErrors: 1 }],
  ])('fails for %s', (_name, found) => {
    expect(isKept({ ...KEPT, ...found })).toBe(false);
  });

  it('counts the server of the queue among the victims where it has one', () => {
    expect(victimsOf(POSTGRES_QUEUE)).toEqual(['csms', 'settlement', 'postgres']);
    expect(victimsOf({ ...POSTGRES_QUEUE, killServer: () => Promise.resolve() })).toContain('redis');
  });
});

describe('books under faults', () => {
  const refusal = (code: string): Error => Object.assign(new pg.DatabaseError('no', 1, 'error'), { code });

  it.each([
    ['a lost connection', new Error('Connection terminated unexpectedly'), true],
    ['a server that shuts down', refusal('57P01'), true],
    ['a deadlock', refusal('40P01'), true],
    ['a connection that broke', refusal('08006'), true],
    ['a wrong statement', refusal('42601'), false],
    ['a table that is not there', refusal('42P01'), false],
  ])('%s: try again %s', (_name, error, again) => {
    expect(isPassing(error)).toBe(again);
  });
});
