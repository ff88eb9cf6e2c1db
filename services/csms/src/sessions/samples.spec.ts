import { describe, expect, it } from '@jest/globals';
import {
  FIELD_LENGTH_MAX,
  readingsOf,
  readSamples,
  SAMPLES_PER_MESSAGE_MAX,
  VALUE_LENGTH_MAX,
  wattHoursOf,
} from './samples.js';

const NOW = Date.UTC(2026, 5, 1, 12);
const read = (sampledValue: unknown) => readSamples([{ timestamp: '2026-06-01T11:00:00Z', sampledValue }], 'live', NOW);

describe('wattHoursOf', () => {
  it.each([
    ['1234', null, 1234],
    ['1234.9', 'Wh', 1234],
    ['12.3456', 'kWh', 12345],
    ['0.1', 'kWh', 100],
    ['4.35', 'kWh', 4350],
    [' 5 ', null, 5],
    ['-0', null, 0],
    ['9007199254740', 'kWh', 9007199254740000],
    ['9007199254741', 'kWh', null],
    ['999999999999999', null, 999999999999999],
    ['9999999999999999', null, null],
    ['-1', null, null],
    ['-0.5', 'kWh', null],
    ['1e3', null, null],
    ['NaN', null, null],
    ['Infinity', null, null],
    ['', null, null],
    ['0x10', null, null],
    ['1,5', 'kWh', null],
    ['5', 'MWh', null],
    ['5', 'kvarh', null],
  ])('%s %s is %s', (value, unit, wattHours) => {
    expect(wattHoursOf(value, unit)).toBe(wattHours);
  });
});

describe('readSamples', () => {
  it('reads the total imported register, and types the rest', () => {
    const base = { unit: null, phase: null, context: null, location: null, format: null, atMs: NOW - 3_600_000 };
    expect(
      read([
        { value: '10' },
        {
          value: '2.5',
          unit: 'kWh',
          measurand: 'Energy.Active.Import.Register',
          context: 'Transaction.End',
          location: 'Outlet',
        },
        { value: '3', phase: 'L1' },
        { value: '3', location: 'Inlet' },
        { value: '230', measurand: 'Voltage', unit: 'V' },
        { value: 'c2ln', format: 'SignedData' },
      ]),
    ).toEqual([
      { ...base, measurand: 'Energy.Active.Import.Register', value: '10', registerWh: 10 },
      {
        ...base,
        measurand: 'Energy.Active.Import.Register',
        value: '2.5',
        registerWh: 2500,
        unit: 'kWh',
        context: 'Transaction.End',
        location: 'Outlet',
      },
      { ...base, measurand: 'Energy.Active.Import.Register', value: '3', registerWh: null, phase: 'L1' },
      { ...base, measurand: 'Energy.Active.Import.Register', value: '3', registerWh: null, location: 'Inlet' },
      { ...base, measurand: 'Voltage', value: '230', registerWh: null, unit: 'V' },
      { ...base, measurand: 'Energy.Active.Import.Register', value: 'c2ln', registerWh: null, format: 'SignedData' },
    ]);
  });

  it('takes an object for a list, a number for text, and leaves out what is no sample', () => {
    expect(readSamples({ timestamp: 'x', sampledValue: { value: 7 } }, 'live', NOW)).toMatchObject([
      { atMs: NOW, value: '7', registerWh: 7 },
    ]);
    for (const nothing of [
      undefined,
      null,
      5,
      'x',
      [],
      [null],
      [{}],
      [{ sampledValue: 1 }],
      [{ sampledValue: [{}, { value: null }] }],
    ]) {
      expect(readSamples(nothing, 'live', NOW)).toEqual([]);
    }
  });

  it('stops at SAMPLES_PER_MESSAGE_MAX', () => {
    expect(read(Array.from({ length: SAMPLES_PER_MESSAGE_MAX + 1 }, () => ({ value: '1' })))).toHaveLength(
      SAMPLES_PER_MESSAGE_MAX,
    );
  });

  it('cuts texts for their columns', () => {
    const [sample] = read([{ value: 'v'.repeat(VALUE_LENGTH_MAX + 1), context: 'c'.repeat(FIELD_LENGTH_MAX + 1) }]);
    expect([sample?.value.length, sample?.context?.length]).toEqual([VALUE_LENGTH_MAX, FIELD_LENGTH_MAX]);
  });

  it('does not look at prototypes', () => {
    expect(readSamples(JSON.parse('[{"__proto__":{"sampledValue":[{"value":"1"}]}}]'), 'live', NOW)).toEqual([]);
  });
});

describe('readingsOf', () => {
  it('sorts by time and keeps the highest of one instant', () => {
    expect(
      readingsOf([
        { atMs: 2, registerWh: 5 },
        { atMs: 1, registerWh: 3 },
        { atMs: 2, registerWh: 4 },
        { atMs: 3, registerWh: null },
      ]),
    ).toEqual([
      { atMs: 1, registerWh: 3 },
      { atMs: 2, registerWh: 5 },
    ]);
  });
});
