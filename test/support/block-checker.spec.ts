import { describe, expect, it } from '@jest/globals';
import { checkSnapshot, OLDEST_OPEN_MS_MAX } from './block-checker.js';
import type { AcknowledgedStop, BooksSnapshot } from './books-snapshot.js';
import { dataHashOf, headerHashOf, type StoredBlock, type StoredTransaction } from './chain-replay.js';

type Write = [string, string | null];
type Planned = { txId: string; writes: Write[]; code?: string };

const key = (...parts: string[]): string => `\u0000${parts.join('\u0000')}\u0000`;
const STARTED_MS = Date.UTC(2025, 0, 1);
const STOP: AcknowledgedStop = {
  chargePointId: 'CP-1',
  transactionId: 7,
  startedAt: new Date(STARTED_MS).toISOString(),
  meterStartWh: 1_000,
  meterStopWh: 27_400,
};
/** 26.4 kWh at 1.41 and 0.60: 37.22 and 15.84. */
const TOTAL = '5306';

const PRICE: Write = [key('T', 'P1'), '[1,"TOU","TELD",0,1440,127,0,null,14100,6000]'];
const DEPOSIT: Planned = {
  txId: 't0',
  writes: [
    PRICE,
    [key('A', 'EV-1'), '[1,"TELD","10000",0,0,0,0]'],
    [key('X', 'deposit', 'TELD', 'd1'), '[1,"EV-1","10000"]'],
  ],
};
const moved = (kind: string, account: string, minor: string): Write => [
  key('X', kind, 'TELD', `${kind}-1`),
  `[1,"${account}","${minor}"]`,
];
const deposit = (minor: string): Write => moved('deposit', 'EV-1', minor);
const bill = (settlementId: string, total = TOTAL): Write => [
  key('B', 'EV-1', '0000000000001', settlementId),
  `[1,"CS-1",1800000,1000,26400,"${total}",["P1"]]`,
];
const settle = (more: Partial<Planned> = {}): Planned => ({
  txId: 't1',
  writes: [
    [key('I', 's1'), '[1,"hash","EV-1",1]'],
    bill('s1'),
    [key('A', 'EV-1'), '[1,"TELD","4694",1,1,0,0]'],
    [key('S', 'CS-1', '1', 't1'), `[1,"${TOTAL}"]`],
  ],
  ...more,
});

/** Blocks of one transaction each, linked as the format says. */
function chain(planned: readonly Planned[]): StoredBlock[] {
  let previousHash = '0'.repeat(64);
  return planned.map(({ txId, writes, code = 'VALID' }, number) => {
    const transactions: StoredTransaction[] = [{ txId, code, bytes: Buffer.from(JSON.stringify({ writes })) }];
    const header = { number, previousHash, dataHash: dataHashOf(transactions), committedAtMs: number };
    previousHash = headerHashOf(header);
    return { ...header, hash: previousHash, transactions };
  });
}

function stateOf(planned: readonly Planned[]): Map<string, string> {
  const valid = planned.filter(({ code = 'VALID' }) => code === 'VALID').flatMap(({ writes }) => writes);
  return new Map(valid.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])));
}

const SETTLED: BooksSnapshot['settlements'][number] = {
  id: 's1',
  state: 'final',
  evId: 'EV-1',
  meterStartWh: 1_000,
  energyWh: 26_400,
  totalMinor: TOTAL,
  txId: 't1',
  claimedAtMs: 0,
};
const BILLED = { id: 's1', evId: 'EV-1', meterStartWh: 1_000, energyWh: 26_400, totalMinor: TOTAL };
const SESSION = { id: 's1', chargePointId: 'CP-1', meterStartWh: 1_000, startedAtMs: STARTED_MS };

function books(planned: readonly Planned[] = [DEPOSIT, settle()], more: Partial<BooksSnapshot> = {}): BooksSnapshot {
  return {
    nowMs: 1_000,
    blocks: chain(planned),
    state: stateOf(planned),
    settlements: [SETTLED],
    bills: [BILLED],
    sessions: [SESSION],
    ratings: 0,
    ...more,
  };
}

/** The invariants that the snapshot breaks. */
function broken(snapshot: BooksSnapshot, stops: readonly AcknowledgedStop[] = [STOP]): string[] {
  return [...new Set(checkSnapshot(snapshot, stops).violations.map((line) => line.split(' ')[0] ?? ''))];
}

describe('block checker', () => {
  it('finds nothing in whole books', () => {
    expect(checkSnapshot(books(), [STOP])).toEqual({ lost: 0, doubled: 0, unpaid: 0, violations: [] });
  });

  it('lets a quarantined session count as its one row', () => {
    const held = { ...SETTLED, state: 'quarantined', txId: null, totalMinor: null };
    const snapshot = books([DEPOSIT], { settlements: [held], bills: [] });
    expect(checkSnapshot(snapshot, [STOP])).toEqual({ lost: 0, doubled: 0, unpaid: 0, violations: [] });
  });

  it('lets an invalid transaction change nothing', () => {
    const refused = settle({ txId: 't2', code: 'MVCC_READ_CONFLICT' });
    expect(broken(books([DEPOSIT, settle(), refused]))).toEqual([]);
  });

  it('counts a Stop without bill as lost', () => {
    const snapshot = books([DEPOSIT], { settlements: [], bills: [] });
    expect(checkSnapshot(snapshot, [STOP])).toMatchObject({ lost: 1, doubled: 0 });
    expect(broken(snapshot)).toEqual(['I8']);
    const unheard = books([DEPOSIT], { settlements: [], bills: [], sessions: [] });
    expect(checkSnapshot(unheard, [STOP])).toMatchObject({ lost: 1 });
  });

  it('counts a Stop with two bills as doubled', () => {
    const again: Planned = {
      txId: 't2',
      writes: [
        [key('I', 's2'), '[1,"hash","EV-1",1]'],
        bill('s2'),
        [key('A', 'EV-1'), '[1,"TELD","-612",0,2,1,0]'],
        [key('S', 'CS-1', '2', 't2'), `[1,"${TOTAL}"]`],
      ],
    };
    const snapshot = books([DEPOSIT, settle(), again], {
      settlements: [SETTLED, { ...SETTLED, id: 's2', txId: 't2' }],
      bills: [BILLED, { ...BILLED, id: 's2' }],
      sessions: [SESSION, { ...SESSION, id: 's2' }],
    });
    expect(checkSnapshot(snapshot, [STOP])).toMatchObject({ lost: 0, doubled: 1 });
    expect(broken(snapshot)).toEqual(['I8']);
  });

  const edited = (change: (block: StoredBlock) => StoredBlock): StoredBlock[] =>
    chain([DEPOSIT, settle()]).map((block) => (block.number === 1 ? change(block) : block));
  const withWrites = (...writes: Write[]): readonly Planned[] => [
    DEPOSIT,
    settle({ writes: [...new Map([...settle().writes, ...writes])] }),
  ];

  it.each<[string, string[], BooksSnapshot]>([
    ['money from nothing', ['I4', 'I1', 'I6'], books(withWrites([key('A', 'EV-1'), '[1,"TELD","5000",1,1,0,0]']))],
    ['a settlement twice', ['I3'], books([DEPOSIT, settle(), { txId: 't2', writes: settle().writes.slice(0, 1) }])],
    ['a txId twice', ['I3'], books([DEPOSIT, settle(), { ...settle(), code: 'DUPLICATE_TXID' }])],
    ['a wrong price', ['I5', 'I7'], books(withWrites(bill('s1', '5307')))],
    ['edited bytes', ['I6'], books(undefined, { blocks: edited((block) => ({ ...block, dataHash: 'x' })) })],
    ['an edited time', ['I6'], books(undefined, { blocks: edited((block) => ({ ...block, committedAtMs: 5 })) })],
    ['a removed block', ['I6'], books(undefined, { blocks: chain([DEPOSIT, settle()]).slice(0, 1) })],
    ['an edited state', ['I6'], books(undefined, { state: new Map([...stateOf([DEPOSIT, settle()]), ['x', '[1]']]) })],
    ['a bill that is not final', ['I7'], books(undefined, { settlements: [{ ...SETTLED, state: 'prepared' }] })],
    ['a final that is not on the ledger', ['I7', 'I8'], books([DEPOSIT], { bills: [] })],
    ['another transaction', ['I7'], books(undefined, { settlements: [{ ...SETTLED, txId: 't9' }] })],
    ['a projection that differs', ['I7'], books(undefined, { bills: [{ ...BILLED, totalMinor: '1' }] })],
    ['an award too many', ['I9'], books(withWrites([key('A', 'EV-1'), '[1,"TELD","4694",2,2,0,0]']))],
    ['a rating that is only projected', ['I9'], books(undefined, { ratings: 1 })],
    [
      'one that waits',
      ['I10'],
      books(undefined, {
        nowMs: OLDEST_OPEN_MS_MAX + 1,
        settlements: [SETTLED, { ...SETTLED, id: 's9', state: 'pending' }],
      }),
    ],
  ])('finds %s', (_name, invariants, snapshot) => {
    expect(broken(snapshot)).toEqual(expect.arrayContaining(invariants));
  });

  const underpaid = (account: string): readonly Planned[] => [
    { ...DEPOSIT, writes: [PRICE, [key('A', 'EV-1'), '[1,"TELD","100",0,0,0,0]'], deposit('100')] },
    settle({ writes: [...new Map([...settle().writes, [key('A', 'EV-1'), account] as const])] }),
  ];

  it('counts a payment that the balance did not cover', () => {
    const planned = underpaid('[1,"TELD","-5206",-1,1,1,0]');
    expect(checkSnapshot(books(planned), [STOP])).toEqual({ lost: 0, doubled: 0, unpaid: 1, violations: [] });
  });

  it('holds a higher threshold against it', () => {
    const parameters: Write = [key('P', 'current'), '[1,1,10,5,1,5,5,"5000",0,"CNY",2,100,3]'];
    const [first, second] = [DEPOSIT, settle()];
    const planned = [{ txId: 'p', writes: [parameters] }, first, second];
    expect(broken(books(planned))).toEqual(['I2']);
  });

  it.each<[string, readonly Planned[]]>([
    ['no arrear', underpaid('[1,"TELD","-5206",-1,1,0,0]')],
    ['two arrears', underpaid('[1,"TELD","-5206",-1,1,2,0]')],
    ['a good award', underpaid('[1,"TELD","-5206",1,1,1,0]')],
    ['no award', underpaid('[1,"TELD","-5206",0,0,1,0]')],
    ['an arrear for a covered payment', withWrites([key('A', 'EV-1'), '[1,"TELD","4694",-1,1,1,0]'])],
    [
      'a refund below the threshold',
      [
        DEPOSIT,
        settle(),
        { txId: 't2', writes: [[key('A', 'EV-1'), '[1,"TELD","-6",1,1,0,0]'], moved('refund', 'EV-1', '4700')] },
      ],
    ],
    [
      'a pay-out of more than there is',
      [DEPOSIT, settle(), { txId: 't2', writes: [[key('F', 'CS-1'), '[1,"-5307"]'], moved('payOut', 'CS-1', '5307')] }],
    ],
  ])('finds %s', (_name, planned) => {
    expect(broken(books(planned))).toContain('I2');
  });

  it('lets a station take out what it has, to the last cent', () => {
    const out: Planned = { txId: 't2', writes: [[key('F', 'CS-1'), '[1,"-5306"]'], moved('payOut', 'CS-1', '5306')] };
    expect(broken(books([DEPOSIT, settle(), out]))).toEqual([]);
  });

  it('finds a bill that says something else than its charger', () => {
    expect(broken(books(), [{ ...STOP, meterStopWh: 27_401 }])).toEqual(['I8']);
  });

  it('gives the oldest open settlement five minutes', () => {
    const waiting = { ...SETTLED, id: 's9', state: 'pending' };
    expect(OLDEST_OPEN_MS_MAX).toBe(300_000);
    expect(broken(books(undefined, { nowMs: OLDEST_OPEN_MS_MAX, settlements: [SETTLED, waiting] }))).toEqual([]);
  });
});
