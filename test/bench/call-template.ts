import { clientFrame } from './ws-frames.js';

const PREFIX = '[2,"';
const ID_DIGITS = 8;

/** The frame of one CALL, sent over and over with a new message id: digits change in place, nothing is built. */
export class CallTemplate {
  private readonly frame: Buffer;
  private readonly idAt: number;
  private count = 0;

  constructor(action: string, payload: object) {
    const id = '0'.repeat(ID_DIGITS);
    this.frame = clientFrame(Buffer.from(JSON.stringify([2, id, action, payload])));
    this.idAt = this.frame.indexOf(PREFIX) + PREFIX.length;
  }

  /** The frame with the next id. It is the same buffer each time: send again only after the answer. */
  next(): Buffer {
    let rest = ++this.count;
    for (let at = this.idAt + ID_DIGITS - 1; at >= this.idAt; at--) {
      this.frame[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    return this.frame;
  }
}
const ZERO = '0'.charCodeAt(0);
