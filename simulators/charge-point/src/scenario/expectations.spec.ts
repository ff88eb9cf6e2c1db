import { describe, expect, it } from '@jest/globals';
import { unmetExpectations } from './expectations.js';
import type { ObservedEnd, ObservedSession } from './observed-end.js';
import { scenarioSchema } from './scenario.js';

const scenario = scenarioSchema.parse({
  name: 'x',
  description: '',
  piles: [{ pile: 'a', connectors: [{ connectorId: 1, ratedPowerW: 1 }] }],
  drivers: [],
  steps: [{ do: 'boot', pile: 'a' }],
  expect: {
    sessionCount: 1,
    statusCounts: { closed: 1 },
    sessions: [
      {
        session: 's',
        status: 'closed',
        settlement: 'final',
        holdReason: null,
        energyWh: 5,
        billedWh: 5,
        lines: ['p: 5'],
      },
    ],
    sameTransaction: [['s', 'again']],
    drivers: [{ tag: 'd1', status: 'active', creditSum: 1, isInDebt: false }],
    flags: { a: { extra_field: 2 } },
    log: [{ pile: 'a', words: 'contested' }],
  },
});
const SESSION: ObservedSession = {
  id: 'i',
  transactionId: 9,
  status: 'closed',
  authorization: 'Accepted',
  closeKind: 'stopped',
  stopReason: null,
  holdReason: null,
  energyWh: 5,
  settlement: { state: 'final', code: null },
  bill: { energyWh: 5, lines: [{ priceId: 'p', energyWh: 5 }] },
};
const END: ObservedEnd = {
  sessions: [SESSION],
  drivers: new Map([['d1', { status: 'active', creditSum: 1, creditCount: 1, arrears: 0, balance: { minor: '7' } }]]),
  flags: new Map([['a', { extra_field: 2 }]]),
  log: new Map([['a', ['connected', 'contested: swaps 3']]]),
};
const ids = (again: number) =>
  new Map([
    ['s', 9],
    ['again', again],
  ]);

describe('unmetExpectations', () => {
  it('is empty when all is as expected', () => expect(unmetExpectations(scenario, ids(9), END)).toEqual([]));

  it('names each difference', () => {
    const other = { ...SESSION, holdReason: 'too_old', settlement: null, energyWh: 6, bill: undefined };
    const end: ObservedEnd = {
      sessions: [other, { ...SESSION, transactionId: 10 }],
      drivers: new Map([
        ['d1', { status: 'blocked', creditSum: 1, creditCount: 1, arrears: 0, balance: { minor: '-7' } }],
      ]),
      flags: new Map([['a', { extra_field: 1 }]]),
      log: new Map(),
    };
    expect(unmetExpectations(scenario, ids(10), end)).toEqual([
      '2 sessions instead of 1',
      '2 sessions are closed instead of 1',
      's: settlement is null instead of final',
      's: holdReason is too_old instead of null',
      's: energyWh is 6 instead of 5',
      's: billedWh is null instead of 5',
      's: lines is undefined instead of p: 5',
      's, again have transaction ids 9, 10',
      'd1: status is blocked instead of active',
      'd1: isInDebt is true instead of false',
      'flags of a: all is extra_field: 1 instead of extra_field: 2',
      'the log of a does not say "contested"',
    ]);
  });

  it('misses a session and a driver that are not there', () => {
    expect(unmetExpectations(scenario, ids(9), { ...END, sessions: [], drivers: new Map() })).toEqual([
      '0 sessions instead of 1',
      '0 sessions are closed instead of 1',
      's: no such session',
      'd1: no such account',
    ]);
  });
});
