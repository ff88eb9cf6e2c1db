import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller, LedgerFunction, LedgerQuery } from '@tallywatt/contracts';
import { by, flatPrice, item, LedgerWorld, NOW_MS, SHA, SUPERVISOR } from './testing/ledger-world.js';

let world: LedgerWorld;

/** Everything of TELD, asked for by STAR with the right role. */
const FOREIGN: readonly [LedgerFunction, Caller, Readonly<Record<string, unknown>>, string][] = [
  ['OpenAccount', by('STAR', 'operator'), { evId: 'new', operatorId: 'TELD' }, 'ACCESS_DENIED'],
  ['OpenAccount', by('STAR', 'operator'), { evId: 'TELD-EV', operatorId: 'STAR' }, 'ALREADY_EXISTS'],
  ['FreezeAccount', by('STAR', 'operator'), { evId: 'TELD-EV', frozen: true }, 'ACCESS_DENIED'],
  ['Deposit', by('STAR', 'treasurer'), { evId: 'TELD-EV', amountMinor: '1', reference: 'r' }, 'ACCESS_DENIED'],
  ['Refund', by('STAR', 'treasurer'), { evId: 'TELD-EV', amountMinor: '1', reference: 'r' }, 'ACCESS_DENIED'],
  ['PayOut', by('STAR', 'treasurer'), { stationId: 'TELD-CS', amountMinor: '1', reference: 'r' }, 'ACCESS_DENIED'],
  ['FoldAccount', by('STAR', 'treasurer'), { stationId: 'TELD-CS', deltaKeys: ['x'] }, 'ACCESS_DENIED'],
  [
    'IssueCreditNote',
    by('STAR', 'treasurer'),
    { settlementId: 's-1', evId: 'TELD-EV', reference: 'n', reason: 'x' },
    'ACCESS_DENIED',
  ],
  ['RegisterStation', by('STAR', 'operator'), station({ operatorId: 'TELD' }), 'ACCESS_DENIED'],
  ['RegisterStation', by('STAR', 'operator'), station({ stationId: 'TELD-CS' }), 'ALREADY_EXISTS'],
  ['RegisterStation', by('STAR', 'operator'), station({ tariffId: 'TELD-T' }), 'UNKNOWN_TARIFF'],
  ['PublishTariff', by('STAR', 'operator'), tariff({ operatorId: 'TELD' }), 'ACCESS_DENIED'],
  ['PublishTariff', by('STAR', 'operator'), tariff({ tariffId: 'TELD-T' }), 'ALREADY_EXISTS'],
  ['PublishTariff', by('STAR', 'operator'), tariff({ prices: [flatPrice('TELD-P')] }), 'PRICE_OF_OTHER_TARIFF'],
  ['SettleBatch', by('STAR', 'settler'), { operatorId: 'TELD', items: [item('s-2')] }, 'ACCESS_DENIED'],
  ['OpenAccount', by('NOBODY', 'operator'), { evId: 'new', operatorId: 'NOBODY' }, 'UNKNOWN_OPERATOR'],
  ['Anchor', by('NOBODY', 'treasurer'), { kind: 'k', ref: 'r', sha256: SHA }, 'UNKNOWN_OPERATOR'],
  [
    'ReportEndorsements',
    by('NOBODY', 'settler'),
    { fromBlock: 0, toBlock: 9, ledgerUpdates: 0, tally: [] },
    'UNKNOWN_OPERATOR',
  ],
];

function station(change: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const place = { latE6: 0, lonE6: 0, offsets: [{ fromMs: 0, offsetMinutes: 0 }], piles: [] };
  return {
    stationId: 'STAR-CS2',
    operatorId: 'STAR',
    name: 'x',
    peerNode: 'STAR-node',
    tariffId: 'STAR-T',
    ...place,
    ...change,
  };
}
function tariff(change: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { tariffId: 'STAR-T2', operatorId: 'STAR', prices: [flatPrice('STAR-P2')], publishedAtMs: NOW_MS, ...change };
}

/** A bill of TELD's user at TELD's station, and one of TELD's user at STAR's station. */
const READERS: readonly [string, Caller, readonly string[]][] = [
  ['the user', by('TELD', 'driver', 'TELD-EV'), ['s-1', 's-2']],
  ['another user of the same operator', by('TELD', 'driver', 'other'), []],
  ['a driver without an account', by('TELD', 'driver'), []],
  ["a driver of the station's operator with the same pseudonym", by('STAR', 'driver', 'TELD-EV'), ['s-2']],
  ["the user's operator", by('TELD', 'operator'), ['s-1', 's-2']],
  ["the station's operator", by('STAR', 'auditor'), ['s-2']],
  ['supervision', SUPERVISOR, ['s-1', 's-2']],
  ["supervision's auditor", by('SUPERVISION', 'auditor'), ['s-1', 's-2']],
  ['a third operator', by('SG', 'treasurer'), []],
];

beforeAll(async () => {
  world = await LedgerWorld.open();
  await world.settle([item('s-1')]);
  const atStar = item('s-2', { stationId: 'STAR-CS' });
  await world.settle([atStar], 'STAR');
});

describe('what belongs to another organisation', () => {
  it.each(FOREIGN)('%s by %j of %j is refused with %s', async (fn, caller, args, code) => {
    await expect(world.ledger.simulate(fn, args, caller, NOW_MS)).rejects.toThrow(new RegExp(`^${code}: `));
  });
});

describe('a bill', () => {
  it.each(READERS)('is read by %s', async (_name, caller, readable) => {
    for (const billId of ['s-1', 's-2']) {
      const asked = world.bill(billId, caller);
      if (readable.includes(billId)) expect(await asked).toMatchObject({ settlementId: billId });
      else await expect(asked).rejects.toThrow(/^NOT_FOUND: /);
    }
  });

  it('of somebody else is answered exactly like one that does not exist', async () => {
    const messages = await Promise.all(
      ['s-1', 'none'].map((billId) => world.bill(billId, by('SG', 'operator')).catch((error: Error) => error.message)),
    );
    expect(messages[0]).toBe(messages[1]);
  });
});

describe('lists', () => {
  const page = { pageSize: 10, bookmark: '' };
  const QUERIES: readonly [LedgerQuery, Readonly<Record<string, unknown>>, Caller, boolean][] = [
    ['BillsByAccount', { evId: 'TELD-EV' }, by('TELD', 'driver', 'TELD-EV'), true],
    ['BillsByAccount', { evId: 'TELD-EV' }, by('TELD', 'operator'), true],
    ['BillsByAccount', { evId: 'TELD-EV' }, by('STAR', 'operator'), false],
    ['BillsByAccount', { evId: 'TELD-EV' }, by('TELD', 'driver', 'other'), false],
    ['BillsByAccount', { evId: 'none' }, by('TELD', 'operator'), false],
    ['BillsByStation', { stationId: 'STAR-CS' }, by('STAR', 'operator'), true],
    ['BillsByStation', { stationId: 'STAR-CS' }, by('TELD', 'operator'), false],
    ['BillsByOperator', { operatorId: 'STAR' }, by('STAR', 'operator'), true],
    ['BillsByOperator', { operatorId: 'STAR' }, SUPERVISOR, true],
    ['BillsByOperator', { operatorId: 'STAR' }, by('TELD', 'operator'), false],
    ['GetAccount', { evId: 'TELD-EV' }, by('STAR', 'operator'), false],
    ['GetAccount', { evId: 'TELD-EV' }, by('TELD', 'driver', 'TELD-EV'), true],
  ];

  it.each(QUERIES)('%s %j by %j: %s', async (query, args, caller, allowed) => {
    const isPaged = query.startsWith('Bills');
    const asked = world.ledger.simulate(query, isPaged ? { ...args, ...page } : args, caller, NOW_MS);
    if (allowed) await expect(asked).resolves.toBeDefined();
    else await expect(asked).rejects.toThrow(/^NOT_FOUND: /);
  });

  it('refuse a bookmark of another list', async () => {
    const bookmark = '\u0000B\u0000STAR-EV\u0000';
    const asked = world.ledger.simulate(
      'BillsByAccount',
      { evId: 'TELD-EV', pageSize: 10, bookmark },
      by('TELD', 'operator'),
      NOW_MS,
    );
    await expect(asked).rejects.toThrow(/^INVALID_ARGUMENT: /);
  });
});

describe('a certificate', () => {
  it('without a known role may do nothing', async () => {
    const caller = { mspId: 'TELD', role: 'root' } as never;
    await expect(world.ledger.simulate('GetParameters', {}, caller, NOW_MS)).rejects.toThrow(/^ACCESS_DENIED: /);
  });
});
