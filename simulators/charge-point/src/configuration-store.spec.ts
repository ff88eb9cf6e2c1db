import { describe, expect, it } from '@jest/globals';
import { CONFIGURATION_KEYS_MAX, ConfigurationStore, INTERVAL_SECONDS_MAX } from './configuration-store.js';

describe('ConfigurationStore', () => {
  it.each([
    ['HeartbeatInterval', '30', 'Accepted'],
    ['HeartbeatInterval', '-1', 'Rejected'],
    ['HeartbeatInterval', '1.5', 'Rejected'],
    ['HeartbeatInterval', String(INTERVAL_SECONDS_MAX), 'Accepted'],
    ['HeartbeatInterval', String(INTERVAL_SECONDS_MAX + 1), 'Rejected'],
    ['LocalPreAuthorize', 'TRUE', 'Accepted'],
    ['LocalPreAuthorize', 'yes', 'Rejected'],
    ['MeterValuesSampledData', 'Energy.Active.Import.Register,SoC', 'Accepted'],
    ['MeterValuesSampledData', 'a,,b', 'Rejected'],
    ['NumberOfConnectors', '9', 'Rejected'],
    ['WebSocketPingInterval', '10', 'RebootRequired'],
    ['AuthorizationKey', 'short', 'Rejected'],
    ['Nonsense', '1', 'NotSupported'],
  ])('%s = %s is %s', (key, value, status) => expect(new ConfigurationStore(2).change(key, value)).toBe(status));

  it('reads back what was written, and only what was accepted', () => {
    const store = new ConfigurationStore(2);
    store.change('HeartbeatInterval', '30');
    store.change('HeartbeatInterval', 'x');
    expect(store.read(['HeartbeatInterval', 'NumberOfConnectors', 'Nonsense'])).toEqual({
      configurationKey: [
        { key: 'HeartbeatInterval', readonly: false, value: '30' },
        { key: 'NumberOfConnectors', readonly: true, value: '2' },
      ],
      unknownKey: ['Nonsense'],
    });
  });

  it('never shows the key that opens the pile', () => {
    const store = new ConfigurationStore(1);
    store.change('AuthorizationKey', 'a secret of twenty c');
    expect(store.read(['AuthorizationKey'])).toEqual({
      configurationKey: [{ key: 'AuthorizationKey', readonly: false }],
      unknownKey: [],
    });
    expect(JSON.stringify(store.read())).not.toContain('a secret');
  });

  it('lists every key when asked for none, within its own limit', () => {
    const { configurationKey } = new ConfigurationStore(1).read();
    expect(configurationKey.length).toBeGreaterThan(20);
    expect(configurationKey.length).toBeLessThanOrEqual(CONFIGURATION_KEYS_MAX);
  });

  it('refuses to guess a key that does not exist', () =>
    expect(() => new ConfigurationStore(1).number('Nonsense')).toThrow(RangeError));
});
