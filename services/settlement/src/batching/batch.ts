import {
  SETTLE_BATCH_BYTES_MAX,
  SETTLE_ITEMS_MAX,
  type SettleBatchArgs,
  type SettleItemArgs,
} from '@tallywatt/contracts';
import type { PendingSettlement } from './batch-store.js';

/** Room for what surrounds the items: operator id, brackets, and escapes that canonical JSON may add. */
const ENVELOPE_BYTES = 2_000;

/** What goes into one SettleBatch. */
export interface Batch {
  readonly operatorId: string;
  /** Sorted by settlement id, as the contract asks. */
  readonly settlements: readonly PendingSettlement[];
  readonly args: SettleBatchArgs;
}

/**
 * The first settlements (oldest first) that fit into one batch: all of one operator, at most {@link SETTLE_ITEMS_MAX} and
 * {@link SETTLE_BATCH_BYTES_MAX}. The same candidates always give the same batch. undefined when there is none.
 */
export function buildBatch(operatorId: string, candidates: readonly PendingSettlement[]): Batch | undefined {
  const chosen: { readonly settlement: PendingSettlement; readonly item: SettleItemArgs }[] = [];
  let bytes = ENVELOPE_BYTES;
  for (const settlement of candidates) {
    const item = itemOf(settlement);
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    // One item alone always goes: should it be too large, the contract says so and the others are not held up.
    if (chosen.length === SETTLE_ITEMS_MAX || (bytes > SETTLE_BATCH_BYTES_MAX && chosen.length > 0)) break;
    chosen.push({ settlement, item });
  }
  if (chosen.length === 0) return undefined;
  chosen.sort((a, b) => (a.settlement.settlementId < b.settlement.settlementId ? -1 : 1));
  return {
    operatorId,
    settlements: chosen.map(({ settlement }) => settlement),
    args: { operatorId, items: chosen.map(({ item }) => item) },
  };
}

/** Two halves, to find the one item because of which the contract refuses a whole batch. */
export function splitBatch(batch: Batch): readonly [Batch, Batch] {
  const middle = Math.ceil(batch.settlements.length / 2);
  return [slice(batch, 0, middle), slice(batch, middle, batch.settlements.length)];
}

function slice(batch: Batch, from: number, to: number): Batch {
  return {
    operatorId: batch.operatorId,
    settlements: batch.settlements.slice(from, to),
    args: { operatorId: batch.operatorId, items: batch.args.items.slice(from, to) },
  };
}

function itemOf(settlement: PendingSettlement): SettleItemArgs {
  return {
    settlementId: settlement.settlementId,
    evId: settlement.evId,
    stationId: settlement.stationId,
    startMs: settlement.startMs,
    endMs: settlement.endMs,
    meterStartWh: settlement.meterStartWh.toString(),
    meterStopWh: settlement.meterStopWh.toString(),
    lines: settlement.lines,
    totalMinor: settlement.totalMinor.toString(),
    evidenceSha256: settlement.evidenceSha256,
    ...(settlement.replaces === null ? {} : { replaces: settlement.replaces }),
  };
}
