import { canonicalJson } from './canonical-json.js';
import type { SettleItemArgs } from './ledger-transactions.js';

/**
 * Everything that a settlement says, charger evidence included, as one text. Its SHA-256 (base64url, no padding) is
 * what `I~` keeps: contract and reconciliation compute it from the same text.
 */
export function settleItemContent(item: SettleItemArgs): string {
  return canonicalJson([
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
  ]);
}
