import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { muteServer, type MuteServer } from '../../../../../test/support/mute-server.js';
import { ADD_TIMEOUT_MS } from '../bullmq-settlement-queue.js';
import type { QueuedJob, SettlementQueue } from '../outbox-relay.js';

/** Nothing listens on it. */
const CLOSED_PORT = 1;
/** Add and close each give up in their time; a machine under load may take longer to notice. */
const GIVES_UP_MS_MAX = 2 * ADD_TIMEOUT_MS + 2_000;

/** One back end of the queue: its producing end, and what a reader finds. */
export interface ProducerUnderTest {
  queue(): SettlementQueue;
  /** The same on another port of this machine. */
  queueAt(port: number): SettlementQueue;
  /** Job id and data of everything that waits. */
  waiting(): Promise<(readonly [string | undefined, unknown])[]>;
  close(): Promise<void>;
}

export const job = (id: string): QueuedJob => ({
  name: 'settle',
  data: { settlementId: id },
  opts: { jobId: `s-${id}` },
});

/** What each back end does for the relay, one table for all of them. */
export function describeProducer(backEnd: string, open: () => Promise<ProducerUnderTest>): void {
  describe(`the settlement queue on ${backEnd}`, () => {
    let backend: ProducerUnderTest;
    let mute: MuteServer;
    beforeAll(async () => {
      [backend, mute] = await Promise.all([open(), muteServer()]);
    });
    afterAll(() => Promise.all([backend.close(), mute.close()]));

    it('gets each job once, however often it is added', async () => {
      const queue = backend.queue();
      await queue.add([job('a'), job('b')]);
      await queue.add([job('b'), job('c')]);
      await queue.close();
      expect((await backend.waiting()).toSorted()).toEqual(
        ['a', 'b', 'c'].map((id) => [`s-${id}`, { settlementId: id }]),
      );
    });

    it.each([
      ['refuses', () => CLOSED_PORT],
      ['is silent', () => mute.port],
    ])(
      'fails fast when its server %s, and nothing hangs',
      async (_how, port) => {
        const startedMs = performance.now();
        const queue = backend.queueAt(port());
        await expect(queue.add([job('lost')])).rejects.toThrow();
        await queue.close().catch(() => undefined);
        expect(performance.now() - startedMs).toBeLessThan(GIVES_UP_MS_MAX);
      },
      2 * GIVES_UP_MS_MAX,
    );
  });
}
