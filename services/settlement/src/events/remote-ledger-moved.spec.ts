import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ClientProxy } from '@nestjs/microservices';
import { LEDGER_MOVED_EVENT, type LedgerMoved } from '@tallywatt/contracts';
import { Subject } from 'rxjs';
import { RemoteLedgerMoved } from './remote-ledger-moved.js';

Logger.overrideLogger(false);

describe('ledger moved, over either transport', () => {
  const told: string[] = [];
  const open: Subject<unknown>[] = [];
  const csms = {
    emit: (event: string, payload: LedgerMoved) => {
      told.push(`${event} ${payload.blockNumber}`);
      const sending = new Subject<unknown>();
      open.push(sending);
      return sending;
    },
  } as unknown as ClientProxy;
  const signal = new RemoteLedgerMoved(csms);

  it('tells the newest block only when blocks come faster than events leave', () => {
    for (const block of [1n, 2n, 3n]) signal.moved(block);
    expect(told).toEqual([`${LEDGER_MOVED_EVENT} 1`]);
    open.at(-1)?.complete();
    expect(told).toEqual([`${LEDGER_MOVED_EVENT} 1`, `${LEDGER_MOVED_EVENT} 3`]);
    open.at(-1)?.complete();
    expect(told.length).toBe(2);
  });

  it('goes on with the next block when csms was away', () => {
    signal.moved(4n);
    open.at(-1)?.error(new Error('ECONNREFUSED'));
    signal.moved(5n);
    expect(told.at(-1)).toBe(`${LEDGER_MOVED_EVENT} 5`);
  });
});
