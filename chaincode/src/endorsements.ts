import {
  canonicalJson,
  endorsementRangeRecord,
  endorsementReportRecord,
  ledgerUpdatesRecord,
  nodeEndorsementsRecord,
  operatorRecord,
  type EndorsementRangeRecord,
  type EndorsementReportRecord,
  type LedgerUpdatesRecord,
  type ReportEndorsementsArgs,
} from '@tallywatt/contracts';
import { demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';
import { currentParameters } from './parameters.js';
import type { State } from './state.js';

/** Somebody miscounts or lies: an alarm for people. Payload: the range, and all that reported it. */
export const ENDORSEMENT_DISAGREEMENT_EVENT = 'EndorsementDisagreement';

interface ReportAnswer {
  /** `counted`: this report completed the quorum; `late`: the range had been counted before. */
  readonly outcome: 'waiting' | 'counted' | 'late' | 'duplicate';
  readonly agrees: boolean;
}

/**
 * Formula (1)'s sums, by attestation: counted once as many operators as the parameter asks for report equal content.
 * Ranges are contiguous and of fixed length, so that reports can agree at all.
 */
export async function reportEndorsements(context: LedgerContext, args: ReportEndorsementsArgs): Promise<ReportAnswer> {
  const { state, caller } = context;
  const report = reportOf(args, caller.mspId);
  const parameters = await currentParameters(state);
  await state.load([
    keys.operator(caller.mspId),
    keys.ledgerUpdates(),
    keys.endorsementRange(args),
    keys.endorsementReport(args, caller.mspId),
  ]);
  demand(
    state.get(operatorRecord, keys.operator(caller.mspId)) !== undefined,
    'UNKNOWN_OPERATOR',
    'the operator is not admitted',
  );
  const updates = state.get(ledgerUpdatesRecord, keys.ledgerUpdates()) ?? { ledgerUpdates: 0, nextBlock: 0 };
  const range =
    state.get(endorsementRangeRecord, keys.endorsementRange(args)) ??
    firstReport(args, updates, parameters.endorsementRangeBlocks);
  const before = state.get(endorsementReportRecord, keys.endorsementReport(args, caller.mspId));
  if (before !== undefined && contentOf(before) === contentOf(report)) return { outcome: 'duplicate', agrees: true };
  // A miscount may be put right until the range is counted; afterwards the chain has decided.
  demand(
    before === undefined || range.appliedReport === '',
    'REPORT_DIFFERS',
    'the range was counted with another report of this operator',
  );
  return keepReport(context, report, range, updates, parameters.endorsementQuorum);
}

function reportOf(args: ReportEndorsementsArgs, operatorId: string): EndorsementReportRecord {
  args.tally.forEach((row, index) => {
    const before = args.tally[index - 1];
    demand(
      before === undefined || before.peerNode < row.peerNode,
      'INVALID_ARGUMENT',
      'the tally is not sorted by node, each node once',
    );
    demand(row.endorsements <= args.ledgerUpdates, 'INVALID_ARGUMENT', 'a node endorsed more than there was');
  });
  return { ...args, operatorId };
}

/** @throws ContractError WRONG_RANGE unless the range follows the last counted block and has the fixed length. */
function firstReport(
  args: ReportEndorsementsArgs,
  updates: LedgerUpdatesRecord,
  rangeBlocks: number,
): EndorsementRangeRecord {
  const next = args.fromBlock === updates.nextBlock && args.toBlock === args.fromBlock + rangeBlocks - 1;
  demand(next, 'WRONG_RANGE', `the next range is ${updates.nextBlock} to ${updates.nextBlock + rangeBlocks - 1}`);
  return { fromBlock: args.fromBlock, toBlock: args.toBlock, appliedReport: '', reporters: [] };
}

async function keepReport(
  context: LedgerContext,
  report: EndorsementReportRecord,
  range: EndorsementRangeRecord,
  updates: LedgerUpdatesRecord,
  quorum: number,
): Promise<ReportAnswer> {
  const { state } = context;
  const reporters = [...new Set([...range.reporters, report.operatorId])].sort();
  state.put(endorsementReportRecord, report);
  const reports = await reportsOf(state, report, reporters);
  const agreeing = reports.filter((other) => contentOf(other) === contentOf(report));
  const counted = range.appliedReport === '' && agreeing.length >= quorum;
  state.put(endorsementRangeRecord, {
    ...range,
    reporters,
    appliedReport: counted ? report.operatorId : range.appliedReport,
  });
  if (counted) await count(state, report, updates);
  const agrees = agreesWith(reports, report, counted ? report.operatorId : range.appliedReport);
  if (agreeing.length < reports.length) raiseAlarm(context, report, reporters);
  return { outcome: counted ? 'counted' : range.appliedReport === '' ? 'waiting' : 'late', agrees };
}

async function reportsOf(
  state: State,
  report: EndorsementReportRecord,
  reporters: readonly string[],
): Promise<EndorsementReportRecord[]> {
  const reportKeys = reporters.map((operatorId) => keys.endorsementReport(report, operatorId));
  await state.load(reportKeys);
  return reportKeys.flatMap((key) => state.get(endorsementReportRecord, key) ?? []);
}

/** With the counted content, or while nothing is counted with everybody so far. */
function agreesWith(
  reports: readonly EndorsementReportRecord[],
  report: EndorsementReportRecord,
  appliedReport: string,
): boolean {
  const others = appliedReport === '' ? reports : reports.filter((other) => other.operatorId === appliedReport);
  return others.every((other) => contentOf(other) === contentOf(report));
}

async function count(state: State, report: EndorsementReportRecord, updates: LedgerUpdatesRecord): Promise<void> {
  await state.load(report.tally.map((row) => keys.nodeEndorsements(row.peerNode)));
  for (const { peerNode, endorsements } of report.tally) {
    const before = state.get(nodeEndorsementsRecord, keys.nodeEndorsements(peerNode))?.endorsements ?? 0;
    state.put(nodeEndorsementsRecord, { peerNode, endorsements: before + endorsements });
  }
  state.put(ledgerUpdatesRecord, {
    ledgerUpdates: updates.ledgerUpdates + report.ledgerUpdates,
    nextBlock: report.toBlock + 1,
  });
}

function raiseAlarm(context: LedgerContext, range: EndorsementReportRecord, reporters: readonly string[]): void {
  const payload = canonicalJson({ fromBlock: range.fromBlock, toBlock: range.toBlock, reporters });
  context.ledger.setEvent(ENDORSEMENT_DISAGREEMENT_EVENT, Buffer.from(payload, 'utf8'));
}

function contentOf(report: EndorsementReportRecord): string {
  return canonicalJson([report.ledgerUpdates, report.tally]);
}
