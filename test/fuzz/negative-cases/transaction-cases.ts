import { apart, call, everywhere, type Expected, type NegativeCase } from './case.js';

/** The driver whose tag is known at both stations. */
export const TAG = 'TAG';
const HOUR_MS = 3_600_000;
const FIRST_MS = Date.UTC(2025, 0, 1);
const METER_START_WH = 1_000;
const METER_STOP_WH = 6_000;
const ENERGY_WH = METER_STOP_WH - METER_START_WH;

const INVALID: Expected = { result: 'taken', status: 'Invalid' };
const ACCEPTED: Expected = { result: 'taken', status: 'Accepted' };
const TAKEN: Expected = { result: 'taken' };
const BILLED: Expected = { billed: ENERGY_WH };
const NO_METER: Expected = { held: 'meter_out_of_range' };
const REFUSED: Expected = { error: 'FormationViolation' };
/** Read as `{}`, in which something is missing. */
const EMPTY: Expected = { error: 'OccurenceConstraintViolation' };

/** Cases follow each other in the pile's own time: none overlaps the one before. */
let sessions = 0;
function nextSession(): { start: (more?: object) => object; at: (afterMs: number) => string } {
  const startMs = FIRST_MS + sessions++ * 2 * HOUR_MS;
  const at = (afterMs: number): string => new Date(startMs + afterMs).toISOString();
  return {
    at,
    start: (more = {}) => ({ connectorId: 1, idTag: TAG, meterStart: METER_START_WH, timestamp: at(0), ...more }),
  };
}

const without = (fields: object, name: string): object =>
  Object.fromEntries(Object.entries(fields).filter(([other]) => other !== name));
/** Puts a token into the text that JSON.stringify would not write. */
const raw = (frame: string, token: string): string => frame.replace('"@"', token);

/** A StartTransaction is always answered with an id; what cannot be believed is `Invalid`, and never billed by itself. */
function startCases(): NegativeCase[] {
  const start = (more: object = {}): string => call('StartTransaction', nextSession().start(more));
  const both = (name: string, frame: () => string, expected: Expected): NegativeCase[] =>
    everywhere(`StartTransaction ${name}`, frame(), expected);
  const lenient = (name: string, more: object): NegativeCase[] =>
    apart(`StartTransaction ${name}`, start(more), INVALID, ACCEPTED);
  return [
    ...both('with {}', () => call('StartTransaction', {}), INVALID),
    ...['connectorId', 'idTag', 'meterStart', 'timestamp'].flatMap((name) => [
      ...both(`without ${name}`, () => call('StartTransaction', without(nextSession().start(), name)), INVALID),
      ...[null, true, { a: 1 }, [1]].flatMap((value) =>
        both(`whose ${name} is ${JSON.stringify(value)}`, () => start({ [name]: value }), INVALID),
      ),
    ]),
    ...['abc', 1.5, -1, -(2 ** 31)].flatMap((meterStart) =>
      both(`whose meterStart is ${JSON.stringify(meterStart)}`, () => start({ meterStart }), INVALID),
    ),
    ...['9007199254740993', '-9007199254740993', '1e308', '1e400', '-1e400'].flatMap((token) =>
      both(`whose meterStart is ${token}`, () => raw(start({ meterStart: '@' }), token), INVALID),
    ),
    ...['', 'NOBODY', '__proto__', '\u0000', '\ud800', '\u202eGAT', 'x'.repeat(10_000)].flatMap((idTag) =>
      both(`of the tag ${JSON.stringify(idTag.slice(0, 20))}`, () => start({ idTag }), INVALID),
    ),
    ...both('with two meterStarts', () => start().replace('{', '{"meterStart":5,'), INVALID),
    ...both('with two timestamps', () => start().replace('{', '{"timestamp":"2025-01-01T00:00:00Z",'), INVALID),
    ...both(
      'that nests 10,000 levels',
      () => raw(start({ a: '@' }), `${'['.repeat(10_000)}${']'.repeat(10_000)}`),
      INVALID,
    ),
    ...lenient('whose connectorId is numeric text', { connectorId: '1' }),
    ...lenient('whose meterStart is numeric text', { meterStart: '1000' }),
    ...lenient("with a vendor's field", { vendorSpecific: true }),
    ...lenient('with an optional null', { reservationId: null }),
    ...apart(
      'StartTransaction with an own __proto__',
      start().replace('{', '{"__proto__":{"status":"x"},'),
      INVALID,
      ACCEPTED,
    ),
  ];
}

type Stop = { transactionId: unknown; idTag: string; meterStop: unknown; timestamp: string; reason: string };

/** A Stop after a good Start: what of it is a bill, and what is held, and why. */
function stopCase(
  name: string,
  expected: Expected | readonly [Expected, Expected],
  spoil: (frame: string) => string,
  more: (at: (afterMs: number) => string) => object = () => ({}),
  omitted?: keyof Stop,
): NegativeCase[] {
  const [strict, lenient] = Array.isArray(expected)
    ? (expected as readonly [Expected, Expected])
    : [expected as Expected, expected as Expected];
  const { start, at } = nextSession();
  const stop = {
    transactionId: '$TX',
    idTag: TAG,
    meterStop: METER_STOP_WH,
    timestamp: at(HOUR_MS),
    reason: 'Local',
    ...more(at),
  };
  const payload = omitted === undefined ? stop : without(stop, omitted);
  const frame = spoil(call('StopTransaction', payload).replace('"$TX"', '$TX'));
  return apart(`StopTransaction ${name}`, frame, strict, lenient).map((one) => ({
    ...one,
    // A Stop without a time ends when it arrives: on a connector of its own it overlaps none of the others.
    before: [call('StartTransaction', start({ connectorId: omitted === 'timestamp' ? 2 : 1 }), 'start')],
  }));
}

const asIs = (frame: string): string => frame;

function meterStopCases(): NegativeCase[] {
  const of = (meterStop: unknown, expected: Expected | readonly [Expected, Expected]): NegativeCase[] =>
    stopCase(`whose meterStop is ${JSON.stringify(meterStop)}`, expected, asIs, () => ({ meterStop }));
  return [
    ...of(METER_START_WH - 1, { held: 'meter_rollback' }),
    ...of(0, { held: 'meter_rollback' }),
    ...of(METER_STOP_WH * 1_000, { held: 'implausible_power' }),
    ...of(Number.MAX_SAFE_INTEGER, { held: 'implausible_power' }),
    ...of(2 ** 31, { held: 'implausible_power' }),
    ...[-1, -(2 ** 31), 'abc', '', 5.5, null, true, { a: 1 }, [6_000]].flatMap((value) => of(value, NO_METER)),
    ...of('6000', [NO_METER, BILLED]),
    ...['9007199254740993', '1e308', '1e400', '-1e400'].flatMap((token) =>
      stopCase(
        `whose meterStop is ${token}`,
        NO_METER,
        (frame) => raw(frame, token),
        () => ({ meterStop: '@' }),
      ),
    ),
    ...stopCase('without meterStop', NO_METER, asIs, undefined, 'meterStop'),
    ...stopCase('with two meterStops', NO_METER, (frame) => frame.replace('{', '{"meterStop":2000,')),
    ...stopCase('with two meterStops that agree', NO_METER, (frame) => frame.replace('{', '{"meterStop":6000,')),
    ...of(METER_START_WH, { billed: 0 }),
  ];
}

function stopFieldCases(): NegativeCase[] {
  const optional = [NO_METER, BILLED] as const;
  return [
    ...stopCase('without reason', BILLED, asIs, undefined, 'reason'),
    ...stopCase('without idTag', BILLED, asIs, undefined, 'idTag'),
    ...stopCase('with an unknown reason', optional, asIs, () => ({ reason: 'Bored' })),
    ...stopCase('whose reason is null', optional, asIs, () => ({ reason: null })),
    ...stopCase('whose idTag is null', optional, asIs, () => ({ idTag: null })),
    ...stopCase("with a vendor's field", optional, asIs, () => ({ vendorSpecific: [1] })),
    ...stopCase('with an own __proto__', optional, (frame) => frame.replace('{', '{"__proto__":{"meterStop":1},')),
    ...stopCase("with somebody else's tag", BILLED, asIs, () => ({ idTag: 'NOBODY' })),
    ...[-1, 0, 2 ** 31 - 1].flatMap((transactionId) =>
      stopCase(`of the transaction ${transactionId}`, BILLED, asIs, () => ({ transactionId })),
    ),
    ...[null, 'x', true, {}, 1.5].flatMap((transactionId) =>
      stopCase(`of the transaction ${JSON.stringify(transactionId)}`, TAKEN, asIs, () => ({ transactionId })),
    ),
    ...stopCase('that ends before it began', { held: 'end_before_start' }, asIs, (at) => ({
      timestamp: at(-60_000),
      meterStop: METER_START_WH + 1,
    })),
    ...stopCase('without timestamp', NO_METER, asIs, undefined, 'timestamp'),
    ...stopCase(
      'that nests 10,000 levels',
      TAKEN,
      (frame) => raw(frame, `${'['.repeat(10_000)}${']'.repeat(10_000)}`),
      () => ({ a: '@' }),
    ),
    ...['', 'x'.repeat(37), 'x'.repeat(5_000), '\u0000', '__proto__'].flatMap((id) =>
      stopCase(`with the id ${JSON.stringify(id.slice(0, 20))} of ${id.length} characters`, BILLED, (frame) =>
        frame.replace('"n1"', () => JSON.stringify(id)),
      ),
    ),
  ];
}

function readingCases(): NegativeCase[] {
  const readings = (
    name: string,
    expected: Expected | readonly [Expected, Expected],
    ...values: readonly [number, object][]
  ): NegativeCase[] =>
    stopCase(name, expected, asIs, (at) => ({
      transactionData: values.map(([afterMs, sample]) => ({ timestamp: at(afterMs), sampledValue: [sample] })),
    }));
  const half = HOUR_MS / 2;
  return [
    ...readings(
      'whose readings fall',
      { held: 'readings_fall' },
      [half, { value: '5000' }],
      [half + 60_000, { value: '3000' }],
    ),
    ...readings('with a reading above its end', { held: 'readings_fall' }, [half, { value: '7000' }]),
    ...readings('with a reading below its start', { held: 'readings_fall' }, [half, { value: '500' }]),
    ...readings('with a reading in kWh', BILLED, [half, { value: '3', unit: 'kWh' }]),
    ...readings('with Wh that are called kWh', { held: 'readings_fall' }, [half, { value: '3000', unit: 'kWh' }]),
    ...readings('with a unit that nobody knows', [NO_METER, BILLED], [half, { value: '3', unit: 'MWh' }]),
    ...['NaN', '-5', '1e3', '', 'Infinity', '0x10', '3000,5', '١٢٣'].flatMap((value) =>
      readings(`with the reading ${JSON.stringify(value)}`, BILLED, [half, { value }]),
    ),
    ...stopCase('with no readings', BILLED, asIs, () => ({ transactionData: [] })),
    ...stopCase('with an empty reading', BILLED, asIs, (at) => ({
      transactionData: [{ timestamp: at(half), sampledValue: [] }],
    })),
    ...stopCase('with an object for its readings', [NO_METER, BILLED], asIs, (at) => ({
      transactionData: { timestamp: at(half), sampledValue: { value: '3000' } },
    })),
  ];
}

/** What comes after the Stop changes nothing. */
function repeatCases(): NegativeCase[] {
  return (['again', 'again, saying something else'] as const).flatMap((what) => {
    const isOther = what !== 'again';
    return stopCase(
      what,
      BILLED,
      (frame) => frame.replace('"n1"', '"n1"'),
      () => (isOther ? { meterStop: 9_000 } : {}),
    ).map((one) => ({
      ...one,
      before: [
        ...(one.before ?? []),
        one.frame.replace('"n1"', '"first"').replace('"meterStop":9000', `"meterStop":${METER_STOP_WH}`),
      ],
    }));
  });
}

/** MeterValues are acknowledged whatever they say, and kept. */
function meterValueCases(): NegativeCase[] {
  const timestamp = new Date(FIRST_MS).toISOString();
  const valid = { connectorId: 3, meterValue: [{ timestamp, sampledValue: [{ value: '1' }] }] };
  const payloads: readonly (readonly [string, object])[] = [
    ['with {}', {}],
    ['without connectorId', without(valid, 'connectorId')],
    ['without meterValue', without(valid, 'meterValue')],
    ...[null, true, 'x', 1.5, -1, {}, []].map(
      (value) => [`whose connectorId is ${JSON.stringify(value)}`, { ...valid, connectorId: value }] as const,
    ),
    ...[null, true, 'x', 5, {}, [], [null], [5], [[]]].map(
      (value) => [`whose meterValue is ${JSON.stringify(value)}`, { ...valid, meterValue: value }] as const,
    ),
    ...[null, 'x', 1.5, {}, 2 ** 40].map(
      (value) => [`whose transactionId is ${JSON.stringify(value)}`, { ...valid, transactionId: value }] as const,
    ),
    ...[null, 5, {}, [], '\u0000', '\ud800'].map(
      (value) =>
        [
          `whose value is ${JSON.stringify(value)}`,
          { ...valid, meterValue: [{ timestamp, sampledValue: [{ value }] }] },
        ] as const,
    ),
    ...['measurand', 'unit', 'phase', 'format', 'context', 'location'].map(
      (name) =>
        [
          `with an unknown ${name}`,
          { ...valid, meterValue: [{ timestamp, sampledValue: [{ value: '1', [name]: 'Nonsense' }] }] },
        ] as const,
    ),
  ];
  return payloads.flatMap(([name, payload]) => everywhere(`MeterValues ${name}`, call('MeterValues', payload), TAKEN));
}

function payloadCases(): NegativeCase[] {
  return ['StartTransaction', 'StopTransaction', 'MeterValues'].flatMap((action) => [
    ...apart(`${action} with null`, call(action, null), REFUSED, EMPTY),
    ...[[], 'x', 5, true].flatMap((payload) =>
      everywhere(`${action} with ${JSON.stringify(payload)}`, call(action, payload), REFUSED),
    ),
  ]);
}

export const START_CASES: readonly NegativeCase[] = startCases();

export const STOP_CASES: readonly NegativeCase[] = [
  ...meterStopCases(),
  ...stopFieldCases(),
  ...readingCases(),
  ...repeatCases(),
];

export const OTHER_TRANSACTION_CASES: readonly NegativeCase[] = [...meterValueCases(), ...payloadCases()];
