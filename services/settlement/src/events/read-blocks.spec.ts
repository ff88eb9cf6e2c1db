import { describe, expect, it } from '@jest/globals';
import { accountRecord, type AccountRecord, stationCreditRecord } from '@tallywatt/contracts';
import type { LedgerBlock, LedgerBlockTransaction } from '../ledger/ledger.port.js';
import { itemVerdictsOf } from './item-verdicts.js';
import { readBlocks } from './read-blocks.js';

const account = (balanceMinor: bigint): AccountRecord => ({
  evId: 'ev1',
  operatorId: 'TELD',
  balanceMinor,
  creditSum: 0,
  creditCount: 0,
  arrears: 0,
  frozen: false,
});
const write = (record: AccountRecord) => ({
  key: accountRecord.keyOf(record),
  value: Buffer.from(accountRecord.encode(record)),
});
const transaction = (overrides: Partial<LedgerBlockTransaction>): LedgerBlockTransaction => ({
  txId: 'tx1',
  code: 'VALID',
  fn: 'SettleBatch',
  args: '{}',
  creator: { mspId: 'TELD', role: 'settler' },
  timestampMs: 0,
  writes: [],
  event: null,
  endorsers: [],
  ...overrides,
});
const block = (number: bigint, ...transactions: LedgerBlockTransaction[]): LedgerBlock => ({
  number,
  previousHash: '',
  hash: `hash ${number}`,
  committedAtMs: 1000 + Number(number),
  transactions,
});
const event = (verdicts: unknown) => ({ name: 'SettleBatch', payload: Buffer.from(JSON.stringify(verdicts)) });

describe('reading blocks', () => {
  it('keeps the last value of a key, with the place that wrote it', () => {
    const changes = readBlocks([
      block(4n, transaction({ writes: [write(account(5n))] })),
      block(5n, transaction({ txId: 'tx2', writes: [write(account(7n))] })),
    ]);
    expect(changes).toMatchObject({ firstBlock: 4n, lastBlock: 5n, lastHash: 'hash 5', committedAtMs: 1005 });
    expect(changes.accounts.get('ev1')).toEqual({
      record: account(7n),
      place: { txId: 'tx2', blockNumber: 5n, txPosition: 0, atMs: 1005 },
    });
  });

  it('takes nothing but the code from an invalid transaction', () => {
    const invalid = transaction({
      code: 'MVCC_READ_CONFLICT',
      writes: [write(account(5n))],
      event: event([{ settlementId: 's1', verdict: 'settled' }]),
    });
    const changes = readBlocks([block(1n, invalid)]);
    expect(changes.accounts.size).toBe(0);
    expect(changes.transactions).toEqual([
      { txId: 'tx1', fn: 'SettleBatch', code: 'MVCC_READ_CONFLICT', valid: false, blockNumber: 1n, items: [] },
    ]);
  });

  it('skips the copy of a transaction whole', () => {
    expect(
      readBlocks([block(1n, transaction({ code: 'DUPLICATE_TXID', writes: [write(account(5n))] }))]),
    ).toMatchObject({ transactions: [] });
  });

  it('reads the verdict of each item', () => {
    const verdicts = [
      { settlementId: 's1', verdict: 'settled' },
      { settlementId: 's2', verdict: 'rejected', code: 'UNKNOWN_ACCOUNT' },
    ];
    expect(readBlocks([block(1n, transaction({ event: event(verdicts) }))]).transactions[0]?.items).toEqual(verdicts);
  });

  it('knows folded station credits as deleted, and no other deletion', () => {
    const credit = { stationId: 'cs1', txTimeMs: 5, txId: 'tx0', amountMinor: 1n };
    const deleted = { key: stationCreditRecord.keyOf(credit), value: null };
    expect(readBlocks([block(1n, transaction({ writes: [deleted] }))]).foldedCredits).toEqual([
      { stationId: 'cs1', txId: 'tx0' },
    ]);
    const account5 = { key: accountRecord.keyOf(account(5n)), value: null };
    expect(() => readBlocks([block(1n, transaction({ writes: [account5] }))])).toThrow('type A was deleted');
  });

  it('guesses at nothing: an unknown record or a newer layout stops it', () => {
    const unknown = { key: '\u0000Z\u0000x\u0000', value: Buffer.from('[1]') };
    expect(() => readBlocks([block(1n, transaction({ writes: [unknown] }))])).toThrow(
      'no reader for records of type Z',
    );
    const newer = { key: accountRecord.keyOf(account(5n)), value: Buffer.from('[2,"TELD"]') };
    expect(() => readBlocks([block(1n, transaction({ writes: [newer] }))])).toThrow('schema version');
  });

  it('takes events of other transactions for what they are', () => {
    expect(itemVerdictsOf(null)).toEqual([]);
    expect(itemVerdictsOf({ name: 'EndorsementDisagreement', payload: Buffer.from('[1]') })).toEqual([]);
    expect(() => itemVerdictsOf(event([{ settlementId: 's1', verdict: 'perhaps' }]))).toThrow();
  });
});
