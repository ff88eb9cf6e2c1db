import { describe, expect, it } from '@jest/globals';
import { CommitStatusError, EndorseError, GatewayError } from '@hyperledger/fabric-gateway';
import type { ServiceError } from '@grpc/grpc-js';
import { isNotYet, ledgerErrorOf } from './fabric-error.js';
import { LedgerError } from './ledger.port.js';

function fault(code: number, message: string, ...details: string[]): GatewayError {
  return new GatewayError({
    code,
    message,
    details: details.map((text) => ({ address: '127.0.0.1:1', mspId: 'TELD', message: text })),
    cause: new Error(message) as ServiceError,
  });
}

/** Answers of a real network (ledger.md "Error classes"), and what the worker has to do with each. */
const ANSWERS: readonly [string, GatewayError, string, string][] = [
  ['orderers down', fault(14, 'no orderers could successfully process transaction'), 'retry', 'LEDGER_UNAVAILABLE'],
  ['a copy at the orderers', fault(14, 'no orderers', 'request already processed'), 'ask-again', 'ALREADY_SUBMITTED'],
  ['a copy in their pool', fault(14, 'no orderers', 'request already exists'), 'ask-again', 'ALREADY_SUBMITTED'],
  [
    'too large',
    fault(14, 'no orderers', 'message payload is 12 bytes and exceeds maximum allowed 11'),
    'final',
    'TRANSACTION_TOO_LARGE',
  ],
  [
    'a refusal of the contract',
    fault(10, 'failed to endorse', 'chaincode response 500, UNKNOWN_ACCOUNT: no such account'),
    'final',
    'UNKNOWN_ACCOUNT',
  ],
  [
    'a refusal of a line check',
    fault(10, 'failed to endorse', 'chaincode response 500, LINES_GAP: hole'),
    'final',
    'LINES_GAP',
  ],
  [
    'a query’s refusal',
    fault(2, 'evaluate call to endorser returned error: chaincode response 500, NOT_FOUND: no bill'),
    'final',
    'NOT_FOUND',
  ],
  [
    'a defect of the contract',
    fault(10, 'failed to endorse', 'chaincode response 500, INTERNAL: state'),
    'stop',
    'INTERNAL',
  ],
  ['an endorser one block behind', fault(10, 'ProposalResponsePayloads do not match'), 'retry', 'ENDORSERS_DIFFER'],
  [
    'a contract server down',
    fault(10, 'failed to endorse', 'could not launch chaincode settlement_1'),
    'retry',
    'CONTRACT_UNAVAILABLE',
  ],
  [
    'a revoked identity',
    fault(10, 'failed to endorse', 'access denied: channel creator org unknown, creator is malformed'),
    'stop',
    'ACCESS_DENIED',
  ],
  ['too few endorsers', fault(9, 'no combination of peers can be derived'), 'retry', 'ENDORSERS_MISSING'],
  ['a gateway that does not answer', fault(4, 'Deadline exceeded'), 'retry', 'LEDGER_UNAVAILABLE'],
  ['something new', fault(13, 'internal'), 'retry', 'LEDGER_UNAVAILABLE'],
];

describe('what a gateway’s answer means', () => {
  it.each(ANSWERS)('%s', (_name, answer, errorClass, code) => {
    expect(ledgerErrorOf(answer, 'tx')).toMatchObject({ errorClass, code, txId: 'tx' });
  });

  it('keeps an error that is one already, and the id of a proposal', () => {
    const known = new LedgerError('stop', 'ACCESS_DENIED', 'no identity');
    expect(ledgerErrorOf(known)).toBe(known);
    const endorse = new EndorseError({
      code: 14,
      message: 'x',
      details: [],
      cause: new Error('x') as ServiceError,
      transactionId: 'tx-9',
    });
    expect(ledgerErrorOf(endorse).txId).toBe('tx-9');
    expect(ledgerErrorOf(new Error('socket hang up'))).toMatchObject({ errorClass: 'retry' });
  });

  it('a status that does not come in time is no failure', () => {
    const status = (code: number): CommitStatusError =>
      new CommitStatusError({
        code,
        message: 'x',
        details: [],
        cause: new Error('x') as ServiceError,
        transactionId: 't',
      });
    expect([isNotYet(status(1)), isNotYet(status(4)), isNotYet(status(14)), isNotYet(fault(4, 'x'))]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
