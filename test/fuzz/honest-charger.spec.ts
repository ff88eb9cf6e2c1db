import { describe, expect, it } from '@jest/globals';
import { Prng } from '../support/prng.js';
import { HONEST_REGISTER_MIN_WH, HonestCharger } from './honest-charger.js';

interface Call {
  readonly id: string;
  readonly action: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
function next(charger: HonestCharger): Call {
  const [, id, action, payload] = JSON.parse(charger.next()) as [number, string, string, Call['payload']];
  return { id, action, payload };
}
function answer(charger: HonestCharger, { id, action }: Call, transactionId: number): void {
  const result = action === 'StartTransaction' ? { transactionId, idTagInfo: { status: 'Accepted' } } : {};
  expect(charger.heard([3, id, result])).toBe(true);
}

describe('an honest charger', () => {
  it('knows exactly what its sessions cost', () => {
    const charger = new HonestCharger('CP', 'EV', new Prng(3));
    const said: Call[] = [];
    for (let sessions = 0; sessions < 5;) {
      const call = next(charger);
      said.push(call);
      answer(charger, call, 100 + sessions);
      if (call.action === 'StopTransaction') sessions += 1;
    }
    expect(charger.isUnderWay).toBe(false);
    expect(charger.done).toHaveLength(5);
    const starts = said.filter(({ action }) => action === 'StartTransaction');
    const stops = said.filter(({ action }) => action === 'StopTransaction');
    charger.done.forEach((session, index) => {
      expect(session).toMatchObject({
        transactionId: 100 + index,
        meterStartWh: starts[index]?.payload['meterStart'],
        meterStopWh: stops[index]?.payload['meterStop'],
        startedAt: starts[index]?.payload['timestamp'],
        endedAt: stops[index]?.payload['timestamp'],
      });
      expect(session.meterStartWh).toBeGreaterThanOrEqual(HONEST_REGISTER_MIN_WH);
      expect(Date.parse(session.endedAt)).toBeGreaterThan(Date.parse(session.startedAt));
      const power =
        ((session.meterStopWh - session.meterStartWh) * 3_600_000) /
        (Date.parse(session.endedAt) - Date.parse(session.startedAt));
      expect(power).toBeLessThanOrEqual(120_000);
    });
  });

  it('says it again until it is acknowledged, with the same content', () => {
    const charger = new HonestCharger('CP', 'EV', new Prng(1));
    const first = next(charger);
    const again = next(charger);
    expect(again.payload).toEqual(first.payload);
    expect(charger.heard([3, 'somebody else', {}])).toBe(false);
    answer(charger, again, 5);
    expect(next(charger).action).not.toBe('StartTransaction');
  });

  it('complains of every answer that is no acknowledgement', () => {
    const charger = new HonestCharger('CP', 'EV', new Prng(1));
    const { id } = next(charger);
    expect(() => charger.heard([4, id, 'GenericError', '', {}])).toThrow('was answered');
    const info = { transactionId: 1, idTagInfo: { status: 'ConcurrentTx' } };
    expect(() => charger.heard([3, id, info])).toThrow('ConcurrentTx');
  });
});
