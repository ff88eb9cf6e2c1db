import { describe, expect, it } from '@jest/globals';
import type { SourceEvent } from './live-log-source.js';
import { SSE_BUFFERED_BYTES_MAX, SseClient } from './sse-client.js';

const START = { csmsSeq: 0n, settlementSeq: 0n };

function event(source: SourceEvent['source'], seq: bigint, operatorId = 'STAR'): SourceEvent {
  const entry = {
    kind: 'frame',
    at: 'now',
    chargePointId: 'CP',
    sessionId: null,
    operatorId,
    text: 'x',
    data: 'y'.repeat(1000),
  } as const;
  return { source, seq, operatorId, userOperatorId: null, evId: null, entry };
}

function slowStream() {
  return {
    written: [] as string[],
    destroyed: false,
    writableLength: 0,
    write(chunk: string): boolean {
      this.written.push(chunk);
      this.writableLength += chunk.length;
      return false;
    },
    destroy(): void {
      this.destroyed = true;
    },
  };
}

describe('SseClient', () => {
  it('drops a reader that does not read, instead of buffering without bound', () => {
    const stream = slowStream();
    const client = new SseClient(stream, { kind: 'all' }, {}, START);
    client.deliver(Array.from({ length: 5_000 }, (_, index) => event('csms', BigInt(index + 1))));
    expect(stream.destroyed).toBe(true);
    expect(stream.writableLength).toBeLessThan(SSE_BUFFERED_BYTES_MAX + 2_000);
  });

  it('moves its cursor over events that it may not see, and skips those it has passed', () => {
    const stream = slowStream();
    const client = new SseClient(stream, { kind: 'organisation', organisation: 'STAR', ownUsers: false }, {}, START);
    client.deliver([event('csms', 5n, 'TELD'), event('settlement', 3n)]);
    client.deliver([event('csms', 5n), event('csms', 4n), event('settlement', 3n)]);
    expect(stream.written).toHaveLength(1);
    expect(client.cursor).toEqual({ csmsSeq: 5n, settlementSeq: 3n });
    expect(stream.written[0]).toMatch(/^id: c5-s3\n/);
  });
});
