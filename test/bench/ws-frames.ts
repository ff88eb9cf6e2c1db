/** RFC 6455, as much as a load generator needs: it must cost less than the server that it loads. */

export const OPCODE_TEXT = 0x1;
export const OPCODE_CLOSE = 0x8;
export const OPCODE_PING = 0x9;
export const OPCODE_PONG = 0xa;

const FINAL = 0x80;
const MASKED = 0x80;
/** A mask of zeros leaves the payload as it is: servers unmask all the same. */
const ZERO_MASK_BYTES = 4;
const SHORT_LENGTH_MAX = 125;
const LENGTH_16_BITS = 126;
const LENGTH_64_BITS = 127;
/** Answers are short; commands of the central system are below this too. */
export const FRAME_BYTES_MAX = 65_535;

/** A frame of a client. @throws RangeError beyond {@link FRAME_BYTES_MAX} */
export function clientFrame(payload: Buffer, opcode = OPCODE_TEXT): Buffer {
  if (payload.length > FRAME_BYTES_MAX) throw new RangeError(`a frame has at most ${FRAME_BYTES_MAX} bytes`);
  const isShort = payload.length <= SHORT_LENGTH_MAX;
  const head = Buffer.alloc((isShort ? 2 : 4) + ZERO_MASK_BYTES);
  head[0] = FINAL | opcode;
  head[1] = MASKED | (isShort ? payload.length : LENGTH_16_BITS);
  if (!isShort) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** Cuts a server's bytes into frames. */
export class FrameReader {
  private rest: Buffer | undefined;

  /** @throws when a frame is longer than {@link FRAME_BYTES_MAX}. */
  push(chunk: Buffer, onFrame: (opcode: number, payload: Buffer) => void): void {
    let bytes = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk]);
    for (let end = frameEnd(bytes); end !== undefined && end.endsAt <= bytes.length; end = frameEnd(bytes)) {
      onFrame((bytes[0] ?? 0) & 0xf, bytes.subarray(end.payloadAt, end.endsAt));
      bytes = bytes.subarray(end.endsAt);
    }
    this.rest = bytes.length === 0 ? undefined : bytes;
  }
}

function frameEnd(bytes: Buffer): { payloadAt: number; endsAt: number } | undefined {
  const length = (bytes[1] ?? 0) & 0x7f;
  if (bytes.length < 2 || (length === LENGTH_16_BITS && bytes.length < 4)) return undefined;
  if (length === LENGTH_64_BITS) throw new RangeError(`the server sent a frame of more than ${FRAME_BYTES_MAX} bytes`);
  const payloadAt = length === LENGTH_16_BITS ? 4 : 2;
  return { payloadAt, endsAt: payloadAt + (length === LENGTH_16_BITS ? bytes.readUInt16BE(2) : length) };
}
