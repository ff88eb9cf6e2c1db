import { describe, expect, it } from '@jest/globals';
import {
  accountRecord,
  anchorRecord,
  billMarkRecord,
  billRecord,
  creditNoteRecord,
  endorsementRangeRecord,
  endorsementReportRecord,
  evaluationRecord,
  foldedBalanceRecord,
  ledgerUpdatesRecord,
  movementRecord,
  nodeEndorsementsRecord,
  operatorIndexRecord,
  operatorRecord,
  parametersRecord,
  priceRecord,
  ratingRecord,
  RecordError,
  settlementRecord,
  stateKey,
  stationCreditRecord,
  stationRecord,
  tariffRecord,
  type BillRecord,
  type RecordCodec,
} from './index.js';

const UUID = '9f0c9e34-6c1b-5d7e-9a51-0f6f6f3d2a11';
const OTHER = '1f0c9e34-6c1b-5d7e-9a51-0f6f6f3d2a11';
const HASH = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE';
const account = {
  evId: 'EV-0001',
  operatorId: 'TELD',
  balanceMinor: -5037n,
  creditSum: 0,
  creditCount: 4,
  arrears: 2,
  frozen: true,
};
const bill: BillRecord = {
  settlementId: UUID,
  evId: 'EV-0001',
  stationId: 'CS-001',
  kind: 'bill',
  startMs: 1_530_400_000_000,
  endMs: 1_530_403_600_000,
  meterStartWh: 123_456n,
  meterStopWh: 149_856n,
  totalMinor: 5306n,
  lines: [
    { priceId: 'TELD-P1', fromMs: 1_530_400_000_000, toMs: 1_530_401_000_000, energyWh: 6_400n },
    { priceId: 'TELD-P2', fromMs: 1_530_401_000_000, toMs: 1_530_403_600_000, energyWh: 20_000n },
  ],
  refersTo: UUID,
  sessionId: UUID,
};
const oneLine: BillRecord = {
  ...bill,
  lines: [{ priceId: 'TELD-P1', fromMs: bill.startMs, toMs: bill.endMs, energyWh: 26_400n }],
};
const creditNote: BillRecord = {
  ...bill,
  settlementId: 'note-1',
  kind: 'creditNote',
  totalMinor: -5306n,
  lines: bill.lines.map((line) => ({ ...line, energyWh: -line.energyWh })),
};
const settlement = { settlementId: UUID, contentHash: HASH, evId: 'EV-0001', endMs: bill.endMs };

function roundTrip<T>(name: string, codec: RecordCodec<T>, record: T): [string, () => void] {
  return [name, () => expect(codec.decode(codec.keyOf(record), codec.encode(record))).toEqual(record)];
}

describe('records', () => {
  it.each([
    roundTrip('account', accountRecord, account),
    roundTrip('settlement', settlementRecord, settlement),
    roundTrip('bill of two lines', billRecord, bill),
    roundTrip('bill of one line', billRecord, oneLine),
    roundTrip('credit note', billRecord, creditNote),
    roundTrip('replacement', billRecord, { ...bill, kind: 'replacement', refersTo: OTHER, sessionId: OTHER }),
    roundTrip('replacement of a replacement', billRecord, {
      ...bill,
      kind: 'replacement',
      refersTo: OTHER,
      sessionId: 'first',
    }),
    roundTrip('station credit', stationCreditRecord, {
      stationId: 'CS-1',
      txTimeMs: 1_700_000_000_000,
      txId: 'ab',
      amountMinor: -1n,
    }),
    roundTrip('operator index', operatorIndexRecord, {
      operatorId: 'TELD',
      txTimeMs: 1_700_000_000_000,
      txId: 'ab',
      stations: [
        { stationId: 'CS-1', settlementIds: [UUID, OTHER] },
        { stationId: 'CS-2', settlementIds: ['x'] },
      ],
    }),
    roundTrip('folded balance', foldedBalanceRecord, { stationId: 'CS-1', balanceMinor: 10n ** 15n }),
    roundTrip('price', priceRecord, {
      priceId: 'P',
      tariffId: 'T',
      operatorId: 'TELD',
      fromMinute: 0,
      toMinute: 1440,
      weekdayMask: 127,
      validFromMs: 0,
      validToMs: null,
      electricityPriceE4: 9_999_999n,
      servicePriceE4: 0n,
    }),
    roundTrip('tariff', tariffRecord, { tariffId: 'T', operatorId: 'TELD', priceIds: ['P1', 'P2'] }),
    roundTrip('parameters', parametersRecord, {
      name: 'current',
      version: 3,
      alphaE6: 10_000_000n,
      betaE6: 500_000n,
      sigmaE6: 1_000_000n,
      maxLevel: 5,
      maxRating: 5,
      thresholdMinor: -100n,
      minCreditE6: -250_000n,
      currency: 'CNY',
      currencyDecimals: 2,
      endorsementRangeBlocks: 100,
      endorsementQuorum: 3,
    }),
    roundTrip('station', stationRecord, {
      stationId: 'CS-1',
      operatorId: 'TELD',
      name: '天津站',
      peerNode: 'peer0.teld',
      tariffId: 'T',
      latE6: -39_084_200,
      lonE6: 117_200_900,
      offsets: [{ fromMs: 0, offsetMinutes: 480 }],
      piles: [
        { type: 'DC120', count: 4 },
        { type: 'AC7', count: 2 },
      ],
    }),
    roundTrip('operator', operatorRecord, { operatorId: 'TELD', name: 'TELD' }),
    roundTrip('deposit', movementRecord, {
      kind: 'deposit',
      operatorId: 'TELD',
      reference: 'r-1',
      account: 'EV-1',
      amountMinor: 1n,
    }),
    roundTrip('credit note reference', creditNoteRecord, {
      operatorId: 'TELD',
      reference: 'r',
      settlementId: UUID,
      reasonHash: HASH,
    }),
    roundTrip('credited mark', billMarkRecord, { kind: 'credited', settlementId: UUID, by: 'note-1' }),
    roundTrip('replaced mark', billMarkRecord, { kind: 'replaced', settlementId: UUID, by: OTHER }),
    roundTrip('anchor', anchorRecord, { operatorId: 'TELD', kind: 'periodClose', ref: '2026-01', sha256: 'ab' }),
    roundTrip('rating', ratingRecord, { settlementId: UUID, billId: UUID, rating: 5 }),
    roundTrip('rating of a replacement', ratingRecord, { settlementId: UUID, billId: OTHER, rating: 1 }),
    roundTrip('evaluation', evaluationRecord, { stationId: 'CS-1', evaluationE6: 4_999_999, ratingCount: 12 }),
    roundTrip('endorsement report', endorsementReportRecord, {
      fromBlock: 0,
      toBlock: 99,
      operatorId: 'SG',
      ledgerUpdates: 90,
      tally: [{ peerNode: 'peer0', endorsements: 45 }],
    }),
    roundTrip('endorsement range', endorsementRangeRecord, {
      fromBlock: 0,
      toBlock: 99,
      appliedReport: '',
      reporters: ['SG', 'TELD'],
    }),
    roundTrip('node endorsements', nodeEndorsementsRecord, { peerNode: 'peer0', endorsements: 45 }),
    roundTrip('ledger updates', ledgerUpdatesRecord, { ledgerUpdates: 90, nextBlock: 100 }),
  ])('%s: full object → key and row → the same object', (_name, check) => check());
});

describe('lean records', () => {
  it('stay within the sizes that the throughput was measured with', () => {
    expect(settlementRecord.encode(settlement).length).toBeLessThanOrEqual(75);
    expect(accountRecord.encode(account).length).toBeLessThanOrEqual(50);
    expect(billRecord.encode(bill).length).toBeLessThanOrEqual(116);
    expect(billRecord.encode(oneLine)).toBe('[1,"CS-001",3600000,123456,26400,"5306",["TELD-P1"]]');
  });
});

describe('negative space', () => {
  const key = accountRecord.keyOf(account);

  it.each([
    ['another schema version', '[2,"TELD","0",0,0,0,0]'],
    ['an old schema version', '[0,"TELD","0",0,0,0,0]'],
    ['no JSON', 'x'],
    ['no row', '{}'],
    ['a field too few', '[1,"TELD","0",0,0,0]'],
    ['a field too many', '[1,"TELD","0",0,0,0,0,0]'],
    ['a float', '[1,"TELD","0",0.5,0,0,0]'],
    ['money as a number', '[1,"TELD",0,0,0,0,0]'],
    ['money in words', '[1,"TELD","1e3",0,0,0,0]'],
    ['a flag of 2', '[1,"TELD","0",0,0,0,2]'],
  ])('%s is refused', (_name, text) => {
    expect(() => accountRecord.decode(key, text)).toThrow(RecordError);
  });

  it('a key of another record is refused', () => {
    expect(() => accountRecord.decode(stateKey('F', 'x'), accountRecord.encode(account))).toThrow(RecordError);
  });

  it('an unknown kind of movement is refused', () => {
    expect(() => movementRecord.decode(stateKey('X', 'gift', 'TELD', 'r'), '[1,"EV-1","1"]')).toThrow(RecordError);
  });

  it('an unknown kind of bill is refused', () => {
    expect(() => billRecord.decode(billRecord.keyOf(bill), '[1,"CS",1,1,1,"1",["P"],"Q","x"]')).toThrow(RecordError);
  });
});
