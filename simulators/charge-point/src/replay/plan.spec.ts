import { describe, expect, it } from '@jest/globals';
import { UNKNOWN_ID_TAG, planReplay } from './plan.js';
import type { RecordedRow } from './recording.js';

const MINUTE = 60_000;
let rowNumber = 0;
function row(overrides: Partial<RecordedRow>): RecordedRow {
  rowNumber += 1;
  return {
    rowNumber,
    sessionId: `s${rowNumber}`,
    userId: 'U1',
    chargePointId: 'A',
    connectorId: 1,
    model: 'APT 7kW',
    ratedPowerW: 7000,
    startMs: 10 * MINUTE,
    stop: { endMs: 20 * MINUTE, energyWh: 500 },
    ...overrides,
  };
}
const OPERATORS = ['TELD', 'STAR'];

describe('planReplay', () => {
  it('runs a register per connector in file order', () => {
    const { sessions } = planReplay([row({}), row({ startMs: 5 * MINUTE }), row({ connectorId: 2 })], OPERATORS, 1000);
    expect(sessions.map((session) => [session.meterStartWh, session.stop?.meterStopWh])).toEqual([
      [1000, 1500],
      [1500, 2000],
      [1000, 1500],
    ]);
  });

  it('keeps the register over a negative row, a row without energy and a row without a user', () => {
    const rows = [
      row({ stop: { endMs: 20 * MINUTE, energyWh: -300 } }),
      row({ stop: undefined }),
      row({ userId: undefined }),
      row({}),
    ];
    const { sessions } = planReplay(rows, OPERATORS, 1000);
    expect(sessions.map((session) => session.meterStartWh)).toEqual([1000, 1000, 1000, 1000]);
    expect(sessions[0]?.stop?.meterStopWh).toBe(700);
    expect(sessions[2]?.idTag).toBe(UNKNOWN_ID_TAG);
  });

  it('gives the k-th row of one connector and minute k − 1 seconds', () => {
    const { sessions } = planReplay(
      [row({}), row({ connectorId: 2 }), row({}), row({ startMs: 11 * MINUTE }), row({})],
      OPERATORS,
      0,
    );
    expect(sessions.map((session) => session.startMs - 10 * MINUTE)).toEqual([0, 0, 1000, MINUTE, 2000]);
  });

  it('never stops before the start', () => {
    const { sessions } = planReplay(
      [row({}), row({ stop: { endMs: 10 * MINUTE, energyWh: 0 } }), row({ stop: { endMs: 0, energyWh: 1 } })],
      OPERATORS,
      0,
    );
    expect(sessions[1]?.stop?.endMs).toBe(10 * MINUTE + 1000);
    expect(sessions[2]?.stop?.endMs).toBe(10 * MINUTE + 2000);
  });

  it('shares piles and users among the operators whatever the order of the rows', () => {
    const rows = [row({ chargePointId: 'B', userId: 'U2' }), row({}), row({ chargePointId: 'C', userId: 'U3' })];
    const operators = (list: readonly RecordedRow[]) => {
      const plan = planReplay(list, OPERATORS, 0);
      return [
        ...plan.piles.map((pile) => [pile.pileId, pile.operatorId]),
        ...plan.users.map((user) => [user.evId, user.operatorId]),
      ].sort();
    };
    expect(operators(rows)).toEqual(operators(rows.toReversed()));
    expect(operators(rows)).toEqual([
      ['REPLAY-A', 'TELD'],
      ['REPLAY-B', 'STAR'],
      ['REPLAY-C', 'TELD'],
      ['REPLAY-U1', 'TELD'],
      ['REPLAY-U2', 'STAR'],
      ['REPLAY-U3', 'TELD'],
    ]);
  });

  it('sums what each user has to be able to pay, without negative rows', () => {
    const { users } = planReplay(
      [row({}), row({ stop: { endMs: 0, energyWh: -9 } }), row({ stop: undefined })],
      OPERATORS,
      0,
    );
    expect(users).toEqual([{ evId: 'REPLAY-U1', idTag: 'U1', operatorId: 'TELD', energyWh: 500, sessions: 3 }]);
  });

  it('refuses ids that OCPP cannot carry', () => {
    expect(() => planReplay([row({ userId: 'x'.repeat(21) })], OPERATORS, 0)).toThrow('longer than an idTag');
    expect(() => planReplay([row({ chargePointId: 'x'.repeat(60) })], OPERATORS, 0)).toThrow('too long');
  });
});
