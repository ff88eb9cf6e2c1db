import { describe, expect, it } from '@jest/globals';
import { URL_LENGTH_MAX } from './limits.js';
import { parseUpgradeUrl } from './upgrade-url.js';

describe('parseUpgradeUrl', () => {
  it.each([
    ['/ocpp/CP-1_x', 'CP-1_x'],
    ['/ocpp/CP1/CP1', 'CP1'],
    ['/ocpp/CP1?token=x', 'CP1'],
    [`/ocpp/${'A'.repeat(48)}`, 'A'.repeat(48)],
    ['/ocpp/__proto__', '__proto__'],
  ])('%s is %s', (url, chargePointId) => expect(parseUpgradeUrl(url)).toEqual({ chargePointId }));

  it.each([
    [undefined, 400],
    ['', 400],
    ['*', 400],
    ['http://host/ocpp/CP1', 400],
    ['/ocpp/', 400],
    ['/ocpp/%43P1', 400],
    ['/ocpp/%E0%A4%A', 400],
    ['/ocpp/CP 1', 400],
    ['/ocpp/ÄÖ', 400],
    ['/ocpp/../CP1', 400],
    [`/ocpp/${'A'.repeat(49)}`, 400],
    [`/ocpp/CP1?${'x'.repeat(URL_LENGTH_MAX)}`, 400],
    ['/', 404],
    ['/ocpp', 404],
    ['/OCPP/CP1', 404],
    ['//ocpp/CP1', 404],
    ['/ocpp/CP1/', 404],
    ['/ocpp/CP1/CP2', 404],
    ['/ocpp/CP1/CP1/CP1', 404],
  ])('%s is refused with %d', (url, status) => expect(parseUpgradeUrl(url)).toEqual({ status }));
});
