import type { LoggedFrame } from '../connection/pile-caller.js';
import { instant } from './instant.js';

/** Frames that are shown are read, not archived: the rest of a longer one is cut. */
export const FRAME_LENGTH_MAX = 64 * 1024;

/** Of one frame in its chunk: ms after the chunk's time, direction, action, message id, first byte, bytes. */
type FrameHead = readonly [number, 'in' | 'out', string | null, string, number, number];

/** A row of `csms.frame_chunk`; its bytes are a part of {@link PackedFrames.raw}. */
export interface FrameChunk {
  readonly charge_point_id: string;
  readonly at: string;
  readonly frame_count: number;
  readonly heads: readonly FrameHead[];
  readonly first_byte: number;
  readonly byte_count: number;
}

export interface PackedFrames {
  readonly chunks: readonly FrameChunk[];
  readonly raw: Buffer;
}

/** One chunk per pile, with its frames in their order. */
export function packFrames(frames: readonly LoggedFrame[]): PackedFrames {
  const piles = new Map<string, OpenChunk>();
  for (const frame of frames) {
    const chunk = piles.get(frame.chargePointId);
    if (chunk === undefined) piles.set(frame.chargePointId, new OpenChunk(frame));
    else chunk.add(frame);
  }
  const chunks: FrameChunk[] = [];
  let text = '';
  let firstByte = 0;
  for (const [chargePointId, chunk] of piles) {
    chunks.push(chunk.close(chargePointId, firstByte));
    text += chunk.text;
    firstByte += chunk.byteCount;
  }
  return { chunks, raw: Buffer.from(text, 'utf8') };
}

/** Frames of one pile while they are gathered. Encoding them once together is far cheaper than each on its own. */
class OpenChunk {
  private readonly heads: FrameHead[] = [];
  private readonly atMs: number;
  text = '';
  byteCount = 0;

  constructor(first: LoggedFrame) {
    this.atMs = first.at;
    this.add(first);
  }

  add({ at, direction, action, messageId, frame }: LoggedFrame): void {
    const text = frame.slice(0, FRAME_LENGTH_MAX);
    const bytes = Buffer.byteLength(text, 'utf8');
    this.heads.push([at - this.atMs, direction, action ?? null, messageId, this.byteCount, bytes]);
    this.text += text;
    this.byteCount += bytes;
  }

  close(chargePointId: string, firstByte: number): FrameChunk {
    return {
      charge_point_id: chargePointId,
      at: instant(this.atMs),
      frame_count: this.heads.length,
      heads: this.heads,
      first_byte: firstByte,
      byte_count: this.byteCount,
    };
  }
}
