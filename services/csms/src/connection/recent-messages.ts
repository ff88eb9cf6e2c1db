import { crc32 } from 'node:zlib';
import { RECENT_MESSAGES_MAX } from './limits.js';

/** The last message ids of a socket, to notice an id that comes again with other content. Never an idempotency key. */
export class RecentMessages {
  private readonly ids: string[] = [];
  private readonly checksums: number[] = [];
  private next = 0;

  /** True when this id was used for another frame a short while ago; the same frame again is an ordinary retry. */
  isReused(messageId: string, frame: string | Buffer): boolean {
    const checksum = crc32(frame);
    const at = this.ids.indexOf(messageId);
    if (at !== -1) {
      const isOther = this.checksums[at] !== checksum;
      this.checksums[at] = checksum;
      return isOther;
    }
    this.ids[this.next] = messageId;
    this.checksums[this.next] = checksum;
    this.next = (this.next + 1) % RECENT_MESSAGES_MAX;
    return false;
  }
}
