import { describe, expect, it } from '@jest/globals';
import { Connector } from './connector.js';
import { Meter } from './meter.js';

const busy = (): Connector => {
  const connector = new Connector(1, new Meter(0, 1000));
  connector.session = { idTag: 'A', startMs: 0, meterStartWh: 0, transactionId: 1, ending: new AbortController() };
  return connector;
};

describe('Connector', () => {
  it('goes out of service at once when it is free', () => {
    const connector = new Connector(1, new Meter(0, 1000));
    expect(connector.changeAvailability(false)).toBe('Accepted');
    expect([connector.free, connector.idleStatus]).toEqual([false, 'Unavailable']);
    expect(connector.changeAvailability(true)).toBe('Accepted');
    expect(connector.free).toBe(true);
  });

  it('schedules the change while charging and obeys afterwards', () => {
    const connector = busy();
    expect(connector.changeAvailability(false)).toBe('Scheduled');
    expect(connector.operative).toBe(true);
    expect(connector.release()).toBe('Unavailable');
    expect(connector.free).toBe(false);
  });

  it('forgets a scheduled change that is taken back', () => {
    const connector = busy();
    connector.changeAvailability(false);
    expect(connector.changeAvailability(true)).toBe('Accepted');
    expect(connector.release()).toBe('Available');
  });
});
