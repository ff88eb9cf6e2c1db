import { describe, expect, it } from '@jest/globals';
import { TIMESTAMP_LENGTH_MAX, TIMESTAMP_YEAR_MAX, TIMESTAMP_YEAR_MIN, parseTimestamp } from './timestamp.js';

const iso = (text: string): string | undefined => {
  const parsed = parseTimestamp(text);
  return parsed === undefined ? undefined : new Date(parsed.epochMs).toISOString();
};

describe('parseTimestamp', () => {
  it.each([
    ['2018-06-01T08:05:00Z', '2018-06-01T08:05:00.000Z'],
    ['2018-06-01T08:05:00.5Z', '2018-06-01T08:05:00.500Z'],
    ['2018-06-01T08:05:00.123456789Z', '2018-06-01T08:05:00.123Z'],
    ['2018-06-01T08:05:00,25z', '2018-06-01T08:05:00.250Z'],
    ['2018-06-01 08:05:00+08:00', '2018-06-01T00:05:00.000Z'],
    ['2018-06-01T08:05:00-0130', '2018-06-01T09:35:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2100-12-31T23:59:59Z', '2100-12-31T23:59:59.000Z'],
  ])('reads %s', (text, expected) => {
    expect(iso(text)).toBe(expected);
    expect(parseTimestamp(text)?.zoneMissing).toBe(false);
  });

  it('takes a missing zone as UTC and says so', () => {
    expect(parseTimestamp('2018-06-01T08:05:00')).toEqual({ epochMs: Date.UTC(2018, 5, 1, 8, 5), zoneMissing: true });
  });

  it.each([
    '',
    'yesterday',
    '2018-06-01',
    '2018-06-01T08:05Z',
    '2018-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2018-13-01T00:00:00Z',
    '2018-00-01T00:00:00Z',
    '2018-06-00T00:00:00Z',
    '2018-06-31T00:00:00Z',
    '2018-06-01T24:00:00Z',
    '2018-06-01T08:60:00Z',
    '2018-06-01T08:05:61Z',
    '2018-06-01T08:05:00+24:00',
    '2018-06-01T08:05:00+08:60',
    '2018-06-01T08:05:00.Z',
    '2018-06-01T08:05:00ZZ',
    ' 2018-06-01T08:05:00Z',
    '２０18-06-01T08:05:00Z',
    `${TIMESTAMP_YEAR_MIN - 1}-12-31T23:59:59Z`,
    `${TIMESTAMP_YEAR_MAX + 1}-01-01T00:00:00Z`,
    '222222017-01-01T00:00:00Z',
    '1527840300000',
    `2018-06-01T08:05:00.${'1'.repeat(TIMESTAMP_LENGTH_MAX)}Z`,
  ])('refuses %j', (text) => expect(parseTimestamp(text)).toBeUndefined());
});
