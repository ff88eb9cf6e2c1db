import { createHash } from 'node:crypto';
import { settleItemContent, type SettleItemArgs } from '@tallywatt/contracts';

/** SHA-256 as base64url without padding: 43 characters. */
export function sha256Short(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url');
}

/** The one hash of a settlement: over everything that was sent, charger evidence included. */
export function contentHash(item: SettleItemArgs): string {
  return sha256Short(settleItemContent(item));
}
