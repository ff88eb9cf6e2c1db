import { describe, expect, it } from '@jest/globals';
import { SaidByFuzz, speaksOfHonest } from './garbage.js';
import { HONEST_REGISTER_MIN_WH } from './honest-charger.js';

const call = (action: string, payload: object): string => JSON.stringify([2, 'a', action, payload]);

describe('what may not be sent beside an honest charger', () => {
  it.each([
    ['readings of its connector', call('MeterValues', { connectorId: '1' })],
    ['a believable Start on its connector', call('StartTransaction', { connectorId: 1, idTag: 'fuzz' })],
    ['a Stop that fits its register', call('StopTransaction', { meterStop: HONEST_REGISTER_MIN_WH })],
  ])('%s', (_what, frame) => {
    expect(speaksOfHonest(frame, 'FUZZ')).toBe(true);
  });

  it.each([
    'hello',
    '[2,"a","MeterValues",null]',
    call('MeterValues', { connectorId: 2 }),
    call('StartTransaction', { connectorId: 1, idTag: 'NOBODY' }),
    call('StartTransaction', { connectorId: 2, idTag: { toString: 1 } }),
    call('StopTransaction', { meterStop: 5 }),
    call('StopTransaction', { meterStop: HONEST_REGISTER_MIN_WH, idTag: 'FUZZ' }),
    call('BootNotification', {}),
  ])('but %s may', (frame) => {
    expect(speaksOfHonest(frame, 'FUZZ')).toBe(false);
  });
});

describe('what the fuzz has said', () => {
  it('justifies a bill with exactly its numbers', () => {
    const said = new SaidByFuzz('FUZZ');
    for (const frame of [
      call('StartTransaction', { idTag: 'Fuzz', meterStart: 5 }),
      call('StartTransaction', { idTag: 'OTHER', meterStart: 6 }),
      call('StopTransaction', { meterStop: 9 }),
      call('StopTransaction', { meterStop: 4 }),
    ])
      said.note(frame);
    expect(said.justifies({ meterStartWh: 5, meterStopWh: 9 })).toBe(true);
    expect(said.justifies({ meterStartWh: 6, meterStopWh: 9 })).toBe(false);
    expect(said.justifies({ meterStartWh: 5, meterStopWh: 8 })).toBe(false);
    expect(said.justifies({ meterStartWh: 5, meterStopWh: 4 })).toBe(false);
  });
});
