import { describe, expect, it } from '@jest/globals';
import { type ObservedSession, unmetExpectations } from './expectations.js';
import { scenarioSchema } from './scenario.js';

const scenario = scenarioSchema.parse({
  name: 'x',
  description: '',
  piles: [{ pile: 'a', connectors: [{ connectorId: 1, ratedPowerW: 1 }] }],
  drivers: [],
  steps: [{ do: 'boot', pile: 'a' }],
  expect: {
    sessionCount: 1,
    sessions: [{ session: 's', status: 'closed', settlement: 'final', holdReason: null, energyWh: 5 }],
    sameTransaction: [['s', 'again']],
  },
});
const SESSION: ObservedSession = {
  transactionId: 9,
  status: 'closed',
  closeKind: 'stopped',
  holdReason: null,
  energyWh: 5,
  settlement: { state: 'final' },
};
const ids = (again: number) =>
  new Map([
    ['s', 9],
    ['again', again],
  ]);

describe('unmetExpectations', () => {
  it('is empty when all is as expected', () => expect(unmetExpectations(scenario, ids(9), [SESSION])).toEqual([]));

  it('names each difference', () => {
    const other = { ...SESSION, holdReason: 'too_old', settlement: null, energyWh: 6 };
    expect(unmetExpectations(scenario, ids(10), [other, { ...SESSION, transactionId: 10 }])).toEqual([
      '2 sessions instead of 1',
      's: settlement is undefined instead of final',
      's: holdReason is too_old instead of null',
      's: energyWh is 6 instead of 5',
      's, again have transaction ids 9, 10',
    ]);
  });

  it('misses a session that is not there', () => {
    expect(unmetExpectations(scenario, ids(9), [])).toEqual(['0 sessions instead of 1', 's: no such session']);
  });
});
