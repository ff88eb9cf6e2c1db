import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { NEVER, of, throwError, type Observable } from 'rxjs';
import { ConnectionEvents } from './connection-log.js';
import { ConnectionRegistry } from './connection-registry.js';
import { SYSTEM_CLOCK } from './clock.js';
import { InstanceDirectory } from './instance-directory.js';
import { RoutedPileCaller, ROUTE_MS_MAX } from './routed-pile-caller.js';

Logger.overrideLogger(false);

class OneHolder extends InstanceDirectory {
  constructor(private readonly holder: () => Promise<string | undefined>) {
    super();
  }
  override async take(): Promise<void> {}
  override async release(): Promise<void> {}
  override holderOf(): Promise<string | undefined> {
    return this.holder();
  }
  override async heldAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set((await this.holder()) === undefined ? [] : ids);
  }
}

function callerWith(holder: () => Promise<string | undefined>, answer: () => Observable<unknown>) {
  const events = new ConnectionEvents();
  const sent: string[] = [];
  const client = {
    send: <T>(pattern: string) => {
      sent.push(pattern);
      return answer() as Observable<T>;
    },
    emit: <T>() => NEVER as Observable<T>,
  };
  const registry = new ConnectionRegistry(events, SYSTEM_CLOCK);
  const parts = { instanceId: 'here', registry, directory: new OneHolder(holder), client, events };
  return { caller: new RoutedPileCaller(parts), sent };
}

const call = async (caller: RoutedPileCaller) => {
  let isSent = false;
  // The route's own slack is the whole wait when the pile's is nothing.
  const outcome = await caller.call('CP-1', 'ClearCache', {}, 0, () => (isSent = true));
  return [outcome, isSent];
};

describe('RoutedPileCaller', () => {
  it('asks the process that holds the pile, and nobody else', async () => {
    const answer = { type: 'result', payload: { status: 'Accepted' } };
    const { caller, sent } = callerWith(
      async () => 'there',
      () => of(answer),
    );
    expect(await call(caller)).toEqual([answer, true]);
    expect(sent).toEqual(['csms.pile-call.there']);
  });

  it.each([
    ['nobody holds it', async () => undefined],
    ['the directory is out of date', async () => 'here'],
    ['the directory is away', () => Promise.reject(new Error('away'))],
  ])('sends nothing when %s', async (_why, holder) => {
    const { caller, sent } = callerWith(holder, () => NEVER);
    expect(await call(caller)).toEqual([{ type: 'not-connected' }, false]);
    expect(sent).toEqual([]);
  });

  it('hands on that the holder sent nothing', async () => {
    const { caller } = callerWith(
      async () => 'there',
      () => of({ type: 'expired' }),
    );
    expect(await call(caller)).toEqual([{ type: 'expired' }, false]);
  });

  it.each([
    ['fails', () => throwError(() => new Error('gone'))],
    ['answers nonsense', () => of({ type: 'maybe' })],
    ['says nothing', () => NEVER],
  ])(
    'is a timeout when the holder %s: it may have sent the call',
    async (_how, answer) => {
      const { caller } = callerWith(async () => 'there', answer);
      expect(await call(caller)).toEqual([{ type: 'timeout' }, true]);
    },
    2 * ROUTE_MS_MAX,
  );

  it('shows as connected what any process holds', async () => {
    const { caller } = callerWith(
      async () => 'there',
      () => NEVER,
    );
    expect(await caller.connectedAmong(['CP-1'])).toEqual(new Set(['CP-1']));
    const { caller: blind } = callerWith(
      () => Promise.reject(new Error('away')),
      () => NEVER,
    );
    expect(await blind.connectedAmong(['CP-1'])).toEqual(new Set());
  });
});
