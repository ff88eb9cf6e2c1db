import type { BreakType } from '@tallywatt/contracts';
import { feeMinor, priceSession } from '@tallywatt/domain';
import type { StationTariff } from '../pricing/tariff-book.js';
import { contentHashOf } from '../reconciliation/content-check.js';
import { LATE_AFTER_MS } from '../reconciliation/match.js';
import type { Bill, Evidence, Job, SessionCase } from '../reconciliation/session-case.js';

const HOUR_MS = 3_600_000;
const DAY = { weekdayMask: 127, validFromMs: 0, validToMs: null };

export const TARIFF: StationTariff = {
  stationId: 'cs-TELD',
  operatorId: 'TELD',
  tariff: {
    tariffId: 't-TELD',
    operatorId: 'TELD',
    prices: [
      { ...DAY, priceId: 'p-night', fromMinute: 0, toMinute: 480, electricityPriceE4: 3001n, servicePriceE4: 3999n },
      { ...DAY, priceId: 'p-day', fromMinute: 480, toMinute: 1440, electricityPriceE4: 6007n, servicePriceE4: 4003n },
    ],
  },
  offsets: [{ fromMs: 0, offsetMinutes: 480 }],
};

/** What a session is generated from. */
export interface SessionSeed {
  readonly sessionId: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly meterStartWh: bigint;
  readonly energyWh: bigint;
  readonly evId: string;
}

interface Sides {
  readonly evidence: Evidence;
  readonly job: Job;
  readonly bill: Bill;
}

/** A session that was billed as it should be. */
export function matchedCase(seed: SessionSeed): SessionCase & Sides {
  const { sessionId } = seed;
  const parties = { evId: seed.evId, userOperatorId: 'STAR', stationId: 'cs-TELD', operatorId: 'TELD' };
  const measured = {
    startMs: seed.startMs,
    endMs: seed.startMs + seed.durationMs,
    meterStartWh: seed.meterStartWh,
    meterStopWh: seed.meterStartWh + seed.energyWh,
  };
  const createdAtMs = measured.endMs + HOUR_MS;
  const evidenceSha256 = 'ab'.repeat(32);
  const evidence: Evidence = {
    ...parties,
    ...measured,
    revision: 1,
    readings: [],
    evidenceSha256,
    holdReason: null,
    createdAtMs,
  };
  const { tariff, offsets } = TARIFF;
  const priced = priceSession({ ...measured, readings: [], tariff, offsets });
  if (!priced.ok) throw new Error(priced.fault);
  const lines = priced.value.lines.map(lineOf);
  const { totalMinor } = priced.value;
  const txId = 'cd'.repeat(32);
  const settled = { settlementId: sessionId, factsRevision: 1, evidenceSha256, state: 'final', code: null } as const;
  const job: Job = {
    ...parties,
    ...measured,
    ...settled,
    lines,
    totalMinor,
    txId,
    readyAtMs: createdAtMs,
    wasHeld: false,
  };
  const ids = { billId: sessionId, kind: 'bill', refersTo: sessionId, sessionId, creditedBy: null } as const;
  const place = { txId, blockNumber: 7, finalAtMs: createdAtMs + 1000, contentHash: null };
  const bill = hashed({ ...parties, ...measured, ...ids, ...place, lines, totalMinor });
  return { sessionId, evidence, job, bill, jobs: [job], bills: [bill], twins: [], tariff: TARIFF };
}

type Line = Bill['lines'][number];

function lineOf(line: {
  readonly priceId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly energyWh: bigint;
}): Line {
  const price = TARIFF.tariff.prices.find(({ priceId }) => priceId === line.priceId);
  if (price === undefined) throw new Error(line.priceId);
  return {
    priceId: line.priceId,
    fromMs: line.fromMs,
    toMs: line.toMs,
    energyWh: line.energyWh.toString(),
    electricityPriceE4: price.electricityPriceE4.toString(),
    servicePriceE4: price.servicePriceE4.toString(),
    electricityFeeMinor: feeMinor(price.electricityPriceE4, line.energyWh).toString(),
    serviceFeeMinor: feeMinor(price.servicePriceE4, line.energyWh).toString(),
  };
}

/** As the ledger would hold it: with the hash of its own content. */
export function hashed(bill: Bill): Bill {
  return { ...bill, contentHash: contentHashOf(bill, 'ab'.repeat(32)) };
}

const withBill = (session: Sides & SessionCase, change: Partial<Bill>): SessionCase => ({
  ...session,
  bills: [hashed({ ...session.bill, ...change })],
});
const withJob = (session: Sides & SessionCase, change: Partial<Job>): SessionCase => ({
  ...session,
  jobs: [{ ...session.job, ...change }],
});
const withEvidence = (session: Sides & SessionCase, change: Partial<Evidence>): SessionCase => ({
  ...session,
  evidence: { ...session.evidence, ...change },
});

/** Per break type, ways in which it comes about and nothing else is wrong. */
export const INJECTIONS: Readonly<Record<BreakType, readonly ((session: Sides & SessionCase) => SessionCase)[]>> = {
  MISSING_SESSION: [
    (session) => ({ ...session, evidence: undefined }),
    (session) => ({ ...session, evidence: undefined, jobs: [] }),
  ],
  MISSING_JOB: [
    (session) => ({ ...session, jobs: [] }),
    (session) => ({ ...session, jobs: [], bills: [] }),
    (session) => withJob(session, { state: 'submitted' }),
  ],
  MISSING_BILL: [
    (session) => ({ ...session, bills: [] }),
    (session) => ({ ...withJob(session, { state: 'submitted' }), bills: [] }),
  ],
  AMOUNT_DIFF: [
    (session) => withJob(session, { totalMinor: (session.job.totalMinor ?? 0n) + 1n }),
    (session) => withBill(session, { totalMinor: session.bill.totalMinor + 1n }),
  ],
  ENERGY_DIFF: [
    (session) => withJob(session, { meterStopWh: session.bill.meterStopWh + 1n }),
    (session) =>
      withBill(session, { meterStartWh: session.bill.meterStartWh + 1n, meterStopWh: session.bill.meterStopWh + 1n }),
  ],
  TARIFF_VERSION_DIFF: [
    (session) => withJob(session, { lines: session.bill.lines.map((line) => ({ ...line, priceId: 'p-old' })) }),
    (session) => {
      const lines = session.bill.lines.map((line) => ({ ...line, priceId: 'p-old' }));
      return { ...withBill(session, { lines }), jobs: [{ ...session.job, lines }] };
    },
  ],
  TIME_DIFF: [
    (session) => withJob(session, { startMs: session.job.startMs - 1 }),
    (session) => withJob(session, { endMs: session.job.endMs + 1 }),
  ],
  DUPLICATE_BILL: [
    (session) => ({ ...session, bills: [session.bill, hashed({ ...session.bill, billId: 'again', blockNumber: 9 })] }),
    (session) => ({ ...session, twins: [{ ...session.bill, billId: 'twin', sessionId: 'twin' }] }),
  ],
  INVALIDATED_TX: [(session) => ({ ...withJob(session, { state: 'invalid', code: 'MVCC_READ_CONFLICT' }), bills: [] })],
  LATE: [
    (session) => withBill(session, { finalAtMs: session.evidence.createdAtMs + LATE_AFTER_MS + 1 }),
    (session) => ({ ...withJob(session, { state: 'pending' }), bills: [] }),
    (session) => ({ ...withJob(session, { state: 'prepared' }), bills: [] }),
  ],
  SUSPECT_METER: [
    (session) =>
      withEvidence(session, {
        revision: 2,
        holdReason: 'implausible_power',
        meterStopWh: session.bill.meterStopWh + 9n,
      }),
  ],
  HASH_MISMATCH: [
    (session) => ({ ...session, bills: [{ ...session.bill, contentHash: 'x'.repeat(43) }] }),
    (session) => withEvidence(session, { evidenceSha256: 'ef'.repeat(32) }),
  ],
  PARTY_DIFF: [
    (session) => withBill(session, { userOperatorId: 'PTNE' }),
    (session) => withJob(session, { evId: 'somebody-else' }),
    (session) => withEvidence(session, { stationId: 'cs-other' }),
  ],
};
