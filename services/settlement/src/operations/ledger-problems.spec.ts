import { describe, expect, it } from '@jest/globals';
import { CONTRACT_CODES } from '@tallywatt/contracts';
import { LedgerError } from '../ledger/ledger.port.js';
import { contractProblem, ledgerProblem } from './ledger-problems.js';

/** Codes that a client cannot cause by what it asks: they are our own defects. */
const DEFECTS = ['WRONG_RANGE', 'REPORT_DIFFERS', 'INTERNAL'];

describe('ledger problems', () => {
  it.each(CONTRACT_CODES.filter((code) => !DEFECTS.includes(code)))('%s is an answer to the client', (code) => {
    const { status } = contractProblem(code);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it.each([...DEFECTS, 'LINES_TOTAL_DIFFERS'])('%s is a fault behind us', (code) => {
    expect(contractProblem(code)).toMatchObject({ status: 502, code });
  });

  it.each(['ACCESS_DENIED', 'NOT_FOUND', 'UNKNOWN_ACCOUNT', 'UNKNOWN_BILL'])(
    '%s says nothing about foreign records',
    (code) => {
      expect(contractProblem(code, 'the record belongs to another organisation')).toEqual(contractProblem('NOT_FOUND'));
    },
  );

  it.each([
    ['retry', 503, true],
    ['ask-again', 504, true],
    ['stop', 503, undefined],
  ] as const)('class %s answers %i', (errorClass, status, retryable) => {
    const problem = ledgerProblem(new LedgerError(errorClass, 'CODE', 'text'));
    expect(problem).toMatchObject({ code: 'CODE', status });
    expect(problem.retryable).toBe(retryable);
  });
});
