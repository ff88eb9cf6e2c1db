import { createHash } from 'node:crypto';
import { canonicalJson, type SettleItemArgs } from '@tallywatt/contracts';

/** SHA-256 as base64url without padding: 43 characters. */
export function sha256Short(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url');
}

/**
 * The one hash of a settlement: over everything that was sent, charger evidence included.
 * Reconciliation computes the same from the facts and compares it with `I~`.
 */
export function contentHash(item: SettleItemArgs): string {
  return sha256Short(
    canonicalJson([
      item.settlementId,
      item.evId,
      item.stationId,
      item.startMs,
      item.endMs,
      item.meterStartWh,
      item.meterStopWh,
      item.lines.flatMap((line) => [line.priceId, line.fromMs, line.toMs, line.energyWh]),
      item.totalMinor,
      item.evidenceSha256,
      item.replaces ?? null,
    ]),
  );
}
