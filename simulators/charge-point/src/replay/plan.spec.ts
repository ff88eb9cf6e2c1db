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

  it('shares piles and users among the operators, each the same whatever else is in the file', () => {
    const rows = Array.from({ length: 200 }, (_none, index) =>
      row({ chargePointId: `P${index}`, userId: `U${index}` }),
    );
    const operators = (list: readonly RecordedRow[]): Map<string, string> => {
      const plan = planReplay(list, OPERATORS, 0);
      const piles = plan.piles.map(({ pileId, operatorId }) => [pileId, operatorId] as const);
      return new Map([...piles, ...plan.users.map(({ evId, operatorId }) => [evId, operatorId] as const)]);
    };
    const whole = operators(rows);
    for (const [id, operatorId] of operators(rows.slice(50, 60).toReversed())) expect(whole.get(id)).toBe(operatorId);
    const teld = [...whole.values()].filter((operatorId) => operatorId === 'TELD').length;
    expect(teld).toBeGreaterThan(150);
    expect(teld).toBeLessThan(250);
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
