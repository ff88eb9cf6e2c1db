import { positional, type RowReader } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `R~from~to~mspId`: what one operator counted in a range of blocks. */
export interface EndorsementReportRecord {
  readonly fromBlock: number;
  readonly toBlock: number;
  readonly operatorId: string;
  readonly ledgerUpdates: number;
  /** Sorted by peer node. */
  readonly tally: readonly { readonly peerNode: string; readonly endorsements: number }[];
}

export const endorsementReportRecord = positional<EndorsementReportRecord>({
  type: STATE_TYPES.endorsementReport,
  version: 1,
  keyParts: (report) => [String(report.fromBlock), String(report.toBlock), report.operatorId],
  toRow: (report) => [report.ledgerUpdates, report.tally.flatMap((row) => [row.peerNode, row.endorsements])],
  fromRow: (key, row) => ({
    fromBlock: Number(key.part()),
    toBlock: Number(key.part()),
    operatorId: key.part(),
    ledgerUpdates: row.integer(),
    tally: row.inner((inner) => ({ peerNode: inner.text(), endorsements: inner.integer() })),
  }),
});

/** `R~from~to`: who reported a range so far, and whose content was applied. Reports are found without a range read. */
export interface EndorsementRangeRecord {
  readonly fromBlock: number;
  readonly toBlock: number;
  /** Operator whose report equals the applied content; empty until enough operators agree. */
  readonly appliedReport: string;
  /** Sorted. */
  readonly reporters: readonly string[];
}

export const endorsementRangeRecord = positional<EndorsementRangeRecord>({
  type: STATE_TYPES.endorsementReport,
  version: 1,
  keyParts: (range) => [String(range.fromBlock), String(range.toBlock)],
  toRow: (range) => [range.appliedReport, ...range.reporters],
  fromRow: (key, row) => ({
    fromBlock: Number(key.part()),
    toBlock: Number(key.part()),
    appliedReport: row.text(),
    reporters: readReporters(row),
  }),
});

function readReporters(row: RowReader): string[] {
  const reporters: string[] = [];
  while (row.more()) reporters.push(row.text());
  return reporters;
}

/** `N~peerNode`: l, the ledger updates that a node endorsed. */
export interface NodeEndorsementsRecord {
  readonly peerNode: string;
  readonly endorsements: number;
}

export const nodeEndorsementsRecord = positional<NodeEndorsementsRecord>({
  type: STATE_TYPES.nodeEndorsements,
  version: 1,
  keyParts: (node) => [node.peerNode],
  toRow: (node) => [node.endorsements],
  fromRow: (key, row) => ({ peerNode: key.part(), endorsements: row.integer() }),
});

/** `L`: all ledger updates counted so far, the block after the last counted one, and what was applied last. */
export interface LedgerUpdatesRecord {
  readonly ledgerUpdates: number;
  readonly nextBlock: number;
}

export const ledgerUpdatesRecord = positional<LedgerUpdatesRecord>({
  type: STATE_TYPES.ledgerUpdates,
  version: 1,
  keyParts: () => [],
  toRow: (updates) => [updates.ledgerUpdates, updates.nextBlock],
  fromRow: (_key, row) => ({ ledgerUpdates: row.integer(), nextBlock: row.integer() }),
});
