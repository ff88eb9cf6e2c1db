import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatRfc3339, localMinuteOfDay, localWeekday, parseRfc3339Utc } from './time.js';

const FROM = Date.UTC(2000, 0, 1);
const TO = Date.UTC(2100, 11, 31, 23, 59, 59, 999);
const anyMs = fc.integer({ min: FROM, max: TO });

describe('RFC 3339', () => {
  it('writes what the platform writes, without empty milliseconds, and reads it back', () => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        expect(formatRfc3339(ms)).toBe(new Date(ms).toISOString().replace('.000Z', 'Z'));
        expect(parseRfc3339Utc(formatRfc3339(ms))).toBe(ms);
      }),
    );
  });

  it.each([
    ['2018-06-06T00:00:00Z', Date.UTC(2018, 5, 6)],
    ['2018-06-06t00:00:00z', Date.UTC(2018, 5, 6)],
    ['2018-06-06T02:00:00+02:00', Date.UTC(2018, 5, 6)],
    ['2018-06-05T18:30:00-05:30', Date.UTC(2018, 5, 6)],
    ['2024-02-29T12:00:00.1Z', Date.UTC(2024, 1, 29, 12, 0, 0, 100)],
    ['2024-02-29T12:00:00.123456789Z', Date.UTC(2024, 1, 29, 12, 0, 0, 123)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
  ])('reads %s', (text, ms) => expect(parseRfc3339Utc(text)).toBe(ms));

  it.each([
    '',
    '2018-06-06',
    '2018-06-06T00:00:00',
    '2018-06-06 00:00:00Z',
    '2018-13-01T00:00:00Z',
    '2018-00-01T00:00:00Z',
    '2018-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2018-06-31T00:00:00Z',
    '2018-06-06T24:00:00Z',
    '2018-06-06T00:60:00Z',
    '2018-06-06T00:00:61Z',
    '2018-06-06T00:00:00+24:00',
    '1999-12-31T23:59:59Z',
    '2101-01-01T00:00:00Z',
    '222222017-01-01T00:00:00Z',
    '2018-06-06T00:00:00.Z',
    '2018-06-06T00:00:00Z\n',
    ' 2018-06-06T00:00:00Z',
  ])('refuses %j', (text) => expect(parseRfc3339Utc(text)).toBeUndefined());
});

describe('local time', () => {
  it('agrees with the platform on weekday and minute for any offset', () => {
    fc.assert(
      fc.property(anyMs, fc.integer({ min: -720, max: 840 }), (ms, offset) => {
        const shifted = new Date(ms + offset * 60_000);
        expect(localMinuteOfDay(ms, offset)).toBe(shifted.getUTCHours() * 60 + shifted.getUTCMinutes());
        expect(localWeekday(ms, offset)).toBe((shifted.getUTCDay() + 6) % 7);
      }),
    );
  });
});
