import type { Problem } from '@tallywatt/contracts';
import type { LedgerError } from '../ledger/ledger.port.js';
import { notFound } from './refusal.js';

type Answer = Pick<Problem, 'status' | 'title'>;

const NOT_FOUND = notFound().problem;

/**
 * Contract code → what the API answers. Codes that name a record which is missing or somebody else's are not listed:
 * they all answer {@link NOT_FOUND}, so that nobody learns of foreign records.
 */
const CONTRACT_PROBLEMS: ReadonlyMap<string, Answer> = new Map([
  ['INVALID_ARGUMENT', { status: 400, title: 'The ledger does not accept an argument.' }],
  ['BATCH_TOO_LARGE', { status: 413, title: 'The request is too large for one transaction.' }],
  ['ALREADY_EXISTS', { status: 409, title: 'It exists already.' }],
  ['UNKNOWN_OPERATOR', { status: 422, title: 'The operator is not admitted to the network.' }],
  ['UNKNOWN_TARIFF', { status: 422, title: 'The operator has no such tariff.' }],
  ['UNKNOWN_PRICE', { status: 422, title: 'There is no such price.' }],
  ['NO_PARAMETERS', { status: 422, title: 'Supervision has set no parameters yet.' }],
  ['PRICE_OF_OTHER_TARIFF', { status: 422, title: 'A price id belongs to another tariff.' }],
  ['INVALID_TARIFF', { status: 422, title: 'The tariff is not valid.' }],
  ['INVALID_TIME', { status: 422, title: 'A time is not acceptable.' }],
  ['ACCOUNT_FROZEN', { status: 409, title: 'The account is frozen.' }],
  ['AMOUNT_OUT_OF_RANGE', { status: 422, title: 'The amount exceeds what the ledger holds.' }],
  ['INSUFFICIENT_BALANCE', { status: 409, title: 'The balance does not cover the amount.' }],
  ['REFERENCE_USED', { status: 422, title: 'The reference names another movement.' }],
  ['CONTENT_DIFFERS', { status: 409, title: 'The id is known with other content.' }],
  ['ALREADY_CREDITED', { status: 409, title: 'The bill was credited before.' }],
  ['ALREADY_REPLACED', { status: 409, title: 'The bill was replaced before.' }],
  ['NOT_CREDITED', { status: 409, title: 'The bill was not credited.' }],
  ['REPLACES_OTHER_SESSION', { status: 409, title: 'The replacement is of another session.' }],
  ['ALREADY_RATED', { status: 409, title: 'The session was rated before.' }],
]);

const UNSEEN = new Set([
  'ACCESS_DENIED',
  'NOT_FOUND',
  'UNKNOWN_ACCOUNT',
  'UNKNOWN_STATION',
  'UNKNOWN_BILL',
  'STATION_OF_OTHER_OPERATOR',
  'BILL_OF_OTHER_USER',
]);

/** The problem of a contract code, as a transaction or one item of a batch was refused with. */
export function contractProblem(code: string, detail?: string): Problem {
  if (UNSEEN.has(code)) return NOT_FOUND;
  const known = CONTRACT_PROBLEMS.get(code);
  if (known === undefined) return { code, status: 502, title: 'The ledger refused the transaction.' };
  return { code, ...known, ...(detail === undefined ? {} : { detail }) };
}

/** What a failed write or query on the ledger means for who asked: by class and code, never by message text. */
export function ledgerProblem(error: LedgerError): Problem {
  switch (error.errorClass) {
    case 'final':
      return contractProblem(error.code, error.message);
    case 'ask-again': {
      const title = 'The ledger has not given its verdict yet; repeat with the same reference.';
      return { code: error.code, status: 504, title, retryable: true };
    }
    case 'retry':
      return {
        code: error.code,
        status: 503,
        title: 'The ledger is busy or away; nothing was written.',
        retryable: true,
      };
    case 'stop':
      return {
        code: error.code,
        status: 503,
        title: 'The ledger does not accept this service; operations was alarmed.',
      };
  }
}
