import { describe, expect, it } from '@jest/globals';
import { FRAME_LENGTH_MAX, packFrames } from './frame-chunks.js';

const NOON = Date.UTC(2026, 5, 1, 12);
const call = (chargePointId: string, frame: string, at = NOON) =>
  ({ chargePointId, frame, at, direction: 'in', action: 'Heartbeat', messageId: 'm' }) as const;

describe('packFrames', () => {
  it('makes one chunk of what a pile and csms said, in its order', () => {
    const { chunks, raw } = packFrames([
      call('CP-1', 'é'),
      call('CP-2', 'b'),
      { ...call('CP-1', 'answer', NOON + 4), direction: 'out', action: undefined },
    ]);
    expect(chunks).toEqual([
      {
        charge_point_id: 'CP-1',
        at: '2026-06-01T12:00:00.000Z',
        frame_count: 2,
        heads: [
          [0, 'in', 'Heartbeat', 'm', 0, 2],
          [4, 'out', null, 'm', 2, 6],
        ],
        first_byte: 0,
        byte_count: 8,
      },
      {
        charge_point_id: 'CP-2',
        at: '2026-06-01T12:00:00.000Z',
        frame_count: 1,
        heads: [[0, 'in', 'Heartbeat', 'm', 0, 1]],
        first_byte: 8,
        byte_count: 1,
      },
    ]);
    expect(raw.toString()).toBe('éanswerb');
  });

  it('cuts a frame at FRAME_LENGTH_MAX', () => {
    const { chunks, raw } = packFrames([call('CP-1', 'x'.repeat(FRAME_LENGTH_MAX + 1)), call('CP-1', 'y')]);
    expect(chunks[0]?.heads.map(([, , , , from, bytes]) => [from, bytes])).toEqual([
      [0, FRAME_LENGTH_MAX],
      [FRAME_LENGTH_MAX, 1],
    ]);
    expect(raw).toHaveLength(FRAME_LENGTH_MAX + 1);
  });
});
