import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { contextOf } from '../handlers/testing/handler-context.js';
import { readMeterValues, readStart, readStop, TEXT_LENGTH_MAX } from './transaction-messages.js';
import { NOON_MS } from './testing/session-fixture.js';

const START = { connectorId: 1, idTag: 'Tag', meterStart: 100, timestamp: '2026-06-01T11:00:00Z' };
const STOP = { transactionId: 5, meterStop: 200, timestamp: '2026-06-01T11:30:00Z', reason: 'Local', idTag: 'Tag' };

describe('readStart', () => {
  it('reads the standard’s shape', () => {
    expect(readStart(START, contextOf())).toMatchObject({
      connectorId: 1,
      idTag: 'Tag',
      meterStartWh: 100,
      isReadable: true,
      time: { tariffMs: NOON_MS - 3_600_000 },
    });
  });

  it('has one key for one instant, however it is written', () => {
    const key = (timestamp: string) => readStart({ ...START, timestamp }, contextOf()).naturalKey;
    expect(key('2026-06-01T13:00:00.000+02:00')).toBe(key(START.timestamp));
    expect(key('2026-06-01T11:00:00.001Z')).not.toBe(key(START.timestamp));
  });

  it.each([[{}], [{ idTag: 5 }], [{ connectorId: 1.5 }], [{ connectorId: 2 ** 40 }], [[]], [null], ['x']])(
    '%j is unreadable, and still a message with a key',
    (payload) => {
      expect(readStart(payload, contextOf({ schemaValid: false }))).toMatchObject({
        isReadable: false,
        naturalKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    },
  );

  it('cuts a long tag for its column, never for its key', () => {
    const long = (last: string) => readStart({ ...START, idTag: 'x'.repeat(TEXT_LENGTH_MAX) + last }, contextOf());
    expect(long('a').idTag).toBe(long('b').idTag);
    expect(long('a').naturalKey).not.toBe(long('b').naturalKey);
  });
});

describe('readStop', () => {
  it('reads the standard’s shape', () => {
    expect(readStop(STOP, contextOf())).toMatchObject({
      transactionId: 5,
      meterStopWh: 200,
      reason: 'Local',
      idTag: 'Tag',
      samples: [],
    });
  });

  it.each([
    ['meterStop', 201],
    ['transactionId', 6],
    ['timestamp', '2026-06-01T11:31:00Z'],
    ['reason', 'Remote'],
    ['idTag', 'other'],
  ])('another %s is another Stop; the message id and the samples make none', (name, value) => {
    const key = readStop(STOP, contextOf()).stopKey;
    expect(readStop({ ...STOP, [name]: value }, contextOf()).stopKey).not.toBe(key);
    expect(readStop({ ...STOP, transactionData: [] }, contextOf({ messageId: 'other' })).stopKey).toBe(key);
  });

  it('believes no number of a frame that a double could not hold', () => {
    expect(readStop(STOP, contextOf({ schemaValid: false })).meterStopWh).toBeNull();
    expect(readStop({ ...STOP, meterStop: '200' }, contextOf()).meterStopWh).toBeNull();
  });
});

describe('any JSON value', () => {
  it('is read without an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (payload, schemaValid) => {
        const context = contextOf({ schemaValid });
        expect(readStart(payload, context).naturalKey).toHaveLength(64);
        expect(readStop(payload, context).stopKey).toHaveLength(64);
        expect(readMeterValues(payload, context).contentKey).toHaveLength(64);
      }),
    );
  });
});
