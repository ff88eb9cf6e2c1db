import { createHash } from 'node:crypto';
import { type BreakType, canonicalJson } from '@tallywatt/contracts';

/** What makes a break the same one again. */
export interface BreakContent {
  readonly type: BreakType;
  readonly settlementId: string;
  readonly billId: string | null;
  readonly txId: string | null;
}

/** A UUID (version 8) from the content: any run that finds the break again finds the same one, with its comments. */
export function breakIdOf({ type, settlementId, billId, txId }: BreakContent): string {
  const hash = createHash('sha256')
    .update(canonicalJson([type, settlementId, billId, txId]), 'utf8')
    .digest();
  const bytes = hash.subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
