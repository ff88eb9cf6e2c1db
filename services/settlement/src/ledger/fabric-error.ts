import { CommitStatusError, EndorseError, GatewayError } from '@hyperledger/fabric-gateway';
import { contractCodeOf } from '@tallywatt/contracts';
import { LedgerError, type LedgerErrorClass } from './ledger.port.js';

/** gRPC status codes by number: the client's answers name no words. */
const GRPC = {
  cancelled: 1,
  unknown: 2,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unavailable: 14,
} as const;

/** One row per real answer: which code, which words, what to do. The first row that fits counts; a row without words fits any. */
interface Row {
  readonly code: number;
  readonly text?: RegExp;
  readonly errorClass: LedgerErrorClass;
  readonly name: string;
}

const ROWS: readonly Row[] = [
  // Submit: the orderers have it already; the status tells.
  {
    code: GRPC.unavailable,
    text: /request already (?:exists|processed)/,
    errorClass: 'ask-again',
    name: 'ALREADY_SUBMITTED',
  },
  { code: GRPC.unavailable, text: /exceeds maximum allowed/, errorClass: 'final', name: 'TRANSACTION_TOO_LARGE' },
  { code: GRPC.unavailable, errorClass: 'retry', name: 'LEDGER_UNAVAILABLE' },
  // Endorse: an endorser is a block behind the others; a moment later they agree.
  { code: GRPC.aborted, text: /payloads do not match/i, errorClass: 'retry', name: 'ENDORSERS_DIFFER' },
  {
    code: GRPC.aborted,
    text: /access denied|creator certificate|identity.*(?:revoked|expired|not valid)/i,
    errorClass: 'stop',
    name: 'ACCESS_DENIED',
  },
  {
    code: GRPC.aborted,
    text: /could not launch chaincode|connection to .* failed|timeout expired while executing/,
    errorClass: 'retry',
    name: 'CONTRACT_UNAVAILABLE',
  },
  { code: GRPC.aborted, errorClass: 'retry', name: 'NOT_ENDORSED' },
  { code: GRPC.failedPrecondition, text: /no combination of peers/, errorClass: 'retry', name: 'ENDORSERS_MISSING' },
  { code: GRPC.failedPrecondition, errorClass: 'retry', name: 'NOT_ENDORSED' },
  { code: GRPC.permissionDenied, errorClass: 'stop', name: 'ACCESS_DENIED' },
  { code: GRPC.resourceExhausted, errorClass: 'retry', name: 'LEDGER_BUSY' },
  // The gateway may still be sending: nothing is known.
  { code: GRPC.deadlineExceeded, errorClass: 'retry', name: 'LEDGER_UNAVAILABLE' },
  { code: GRPC.cancelled, errorClass: 'retry', name: 'LEDGER_UNAVAILABLE' },
  { code: GRPC.unknown, errorClass: 'retry', name: 'LEDGER_UNAVAILABLE' },
];

/** A commit status that did not come in time: "not yet", never "failed" (its deadline arrives as CANCELLED). */
export function isNotYet(error: unknown): boolean {
  return error instanceof CommitStatusError && (error.code === GRPC.cancelled || error.code === GRPC.deadlineExceeded);
}

/**
 * What a gateway's answer means (ledger.md "Error classes"). A contract's refusal is known by the code in its message, on
 * whatever gRPC code it travels; endorsers' own words stand in the details.
 */
export function ledgerErrorOf(error: unknown, txId?: string): LedgerError {
  if (error instanceof LedgerError) return error;
  if (!(error instanceof GatewayError)) return new LedgerError('retry', 'LEDGER_UNAVAILABLE', String(error), txId);
  const words = [error.message, ...error.details.map(({ message }) => message)].join('\n');
  const id = txId ?? (error instanceof EndorseError ? error.transactionId : undefined);
  const refusal = contractCodeOf(words);
  if (refusal !== undefined) return new LedgerError(refusal === 'INTERNAL' ? 'stop' : 'final', refusal, words, id);
  const row = ROWS.find(({ code, text }) => code === error.code && (text === undefined || text.test(words)));
  return new LedgerError(row?.errorClass ?? 'retry', row?.name ?? 'LEDGER_UNAVAILABLE', words, id);
}
