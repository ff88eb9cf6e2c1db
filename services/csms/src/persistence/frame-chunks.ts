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
  // Written in place: to join the texts first costs thirty times as much, for the fresh memory of every long string.
  const raw = Buffer.allocUnsafe(frames.reduce((bytes, { frame }) => bytes + Buffer.byteLength(frame, 'utf8'), 0));
  const chunks: FrameChunk[] = [];
  let end = 0;
  for (const ofPile of byPile(frames)) {
    const chunk = packChunk(ofPile, raw, end);
    chunks.push(chunk);
    end += chunk.byte_count;
  }
  return { chunks, raw: raw.subarray(0, end) };
}

interface PileFrames {
  readonly first: LoggedFrame;
  readonly frames: LoggedFrame[];
}

function byPile(frames: readonly LoggedFrame[]): Iterable<PileFrames> {
  const piles = new Map<string, PileFrames>();
  for (const frame of frames) {
    const pile = piles.get(frame.chargePointId);
    if (pile === undefined) piles.set(frame.chargePointId, { first: frame, frames: [frame] });
    else pile.frames.push(frame);
  }
  return piles.values();
}

function packChunk({ first, frames }: PileFrames, raw: Buffer, firstByte: number): FrameChunk {
  let end = firstByte;
  const heads = frames.map(({ at, direction, action, messageId, frame }): FrameHead => {
    const from = end - firstByte;
    const bytes = raw.write(frame.slice(0, FRAME_LENGTH_MAX), end, 'utf8');
    end += bytes;
    return [at - first.at, direction, action ?? null, messageId, from, bytes];
  });
  return {
    charge_point_id: first.chargePointId,
    at: instant(first.at),
    frame_count: frames.length,
    heads,
    first_byte: firstByte,
    byte_count: end - firstByte,
  };
}
