import { describe, expect, it } from '@jest/globals';
import { momentText } from './moment.js';

const NOON_MS = Date.UTC(2026, 5, 1, 12);

describe('momentText', () => {
  it.each([
    ['now', '2026-06-01T12:00:00.000Z'],
    ['now-30m', '2026-06-01T11:30:00.000Z'],
    ['now+365d', '2027-06-01T12:00:00.000Z'],
    ['2018-06-01T10:00:00Z', '2018-06-01T10:00:00.000Z'],
    ['2018-06-01T10:00:00+08:00', '2018-06-01T02:00:00.000Z'],
    ['2018-06-01T10:00:00', '2018-06-01T10:00:00'],
    ['222222017-01-01T00:00:00Z', '222222017-01-01T00:00:00Z'],
    ['now-30y', 'now-30y'],
  ])('%s is sent as %s', (moment, text) => expect(momentText(moment, NOON_MS)).toBe(text));
});
