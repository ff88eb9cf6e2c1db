import type { BreakType } from '@tallywatt/contracts';
import { breakIdOf } from './break-id.js';
import type { Match } from './match.js';
import type { Measured, Parties, SessionCase } from './session-case.js';

/** A break as a run found it, with what the three sides say. */
export interface FoundBreak {
  readonly breakId: string;
  readonly type: BreakType;
  readonly settlementId: string;
  readonly operatorId: string;
  readonly evidence: object | null;
  readonly job: object | null;
  readonly bill: object | null;
}

export function foundBreaks(session: SessionCase, match: Match): FoundBreak[] {
  const { sessionId, evidence } = session;
  const { bill, job } = match;
  const operatorId = (evidence ?? job ?? bill)?.operatorId ?? '';
  const sides = {
    evidence: evidence === undefined ? null : evidenceSide(evidence, match),
    job: job === undefined ? null : jobSide(job),
    bill: bill === undefined ? null : billSide(bill),
  };
  return match.breaks.map((type) => {
    const content = {
      type,
      settlementId: sessionId,
      billId: bill?.billId ?? null,
      txId: bill?.txId ?? job?.txId ?? null,
    };
    return { breakId: breakIdOf(content), type, settlementId: sessionId, operatorId, ...sides };
  });
}

function evidenceSide(evidence: NonNullable<SessionCase['evidence']>, { evidenceMinor }: Match): object {
  return {
    ...sideOf(evidence),
    revision: evidence.revision,
    amountMinor: evidenceMinor?.toString() ?? null,
    evidenceSha256: evidence.evidenceSha256,
    holdReason: evidence.holdReason,
  };
}

function jobSide(job: NonNullable<Match['job']>): object {
  return {
    ...sideOf(job),
    revision: job.factsRevision,
    amountMinor: job.totalMinor?.toString() ?? null,
    state: job.state,
    code: job.code,
    txId: job.txId,
    evidenceSha256: job.evidenceSha256,
  };
}

function billSide(bill: NonNullable<Match['bill']>): object {
  return {
    ...sideOf(bill),
    billId: bill.billId,
    amountMinor: bill.totalMinor.toString(),
    priceIds: bill.lines.map((line) => line.priceId),
    txId: bill.txId,
    blockNumber: bill.blockNumber,
    finalAt: new Date(bill.finalAtMs).toISOString(),
    contentHash: bill.contentHash,
  };
}

function sideOf(side: Parties & Measured): object {
  return {
    evId: side.evId,
    userOperatorId: side.userOperatorId,
    stationId: side.stationId,
    operatorId: side.operatorId,
    startedAt: new Date(side.startMs).toISOString(),
    endedAt: new Date(side.endMs).toISOString(),
    meterStartWh: Number(side.meterStartWh),
    meterStopWh: side.meterStopWh === null ? null : Number(side.meterStopWh),
  };
}
