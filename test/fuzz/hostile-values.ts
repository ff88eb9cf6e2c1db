import type { Prng } from '../support/prng.js';

/** Strings that broke somebody's system (reliability.md section 8), each as a JavaScript string. */
const HOSTILE_STRINGS: readonly [string, ...string[]] = [
  '',
  ' ',
  '\u0000',
  'A\u0000B',
  '\n',
  '\r\nevent: forged\r\n',
  '\x1b[2J',
  '\u202eGNP.exe',
  '\u200b',
  '\ufeff',
  '\ud800',
  '\udc00\ud800',
  '\u{1f50c}',
  'e\u0301',
  '${jndi:ldap://x}',
  '<img src=x onerror=alert(1)>',
  "'; drop table csms.session; --",
  '=cmd|A0',
  '../../etc/passwd',
  '%00',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'NaN',
  'Infinity',
  '-Infinity',
  'null',
  'undefined',
  'true',
  '0x10',
  '1e308',
  '1,5',
  '١٢٣',
  '-1',
  '9007199254740993',
  '2018-06-01T08:05:00',
  '2018-02-30T08:05:00Z',
  '222222017-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '2025-01-01T24:00:00Z',
  '2025-01-01T00:00:60Z',
  '2025-01-01T00:00:00+23:59',
  '2025-01-01',
  '0',
];
const HOSTILE_NUMBERS: readonly [number, ...number[]] = [
  0,
  -0,
  1,
  -1,
  -5,
  0.1,
  5.5,
  1e-7,
  255,
  65_536,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_648,
  -2_147_483_649,
  4_294_967_296,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 53,
  1e21,
  1e308,
  -1e308,
  5e-324,
];
/** JSON text of a number that no double holds, or that is no JSON at all: written into the frame as it is. */
const HOSTILE_TOKENS: readonly [string, ...string[]] = [
  '9007199254740993',
  '-9007199254740993',
  '1e400',
  '-1e400',
  '1E+99999',
  '0.1e1',
  '123456789012345678901234567890',
  'NaN',
  'Infinity',
  '-',
  '01',
  '+1',
  '.5',
  '1.',
  '0x1F',
  'undefined',
  'True',
  "'single'",
  '"\\u00"',
  '"\\x41"',
  '"tab\tinside"',
];
/** Field names of OCPP 1.6, and names that reach into JavaScript's own objects. */
const FIELD_NAMES: readonly [string, ...string[]] = [
  'connectorId',
  'idTag',
  'meterStart',
  'meterStop',
  'timestamp',
  'transactionId',
  'meterValue',
  'sampledValue',
  'value',
  'unit',
  'measurand',
  'context',
  'format',
  'phase',
  'location',
  'reason',
  'transactionData',
  'reservationId',
  'status',
  'errorCode',
  'info',
  'vendorId',
  'vendorErrorCode',
  'messageId',
  'data',
  'chargePointVendor',
  'chargePointModel',
  'firmwareVersion',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'length',
  '',
  'then',
  'toJSON',
];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const LONG_STRING_LENGTHS: readonly [number, ...number[]] = [21, 26, 51, 256, 501, 4_096, 20_000];
const DEPTH_MAX = 4;

export function hostileString(random: Prng): string {
  if (random.next() < 0.85) return random.pick(HOSTILE_STRINGS);
  const unit = random.pick(['A', '\u202e', '\u{1f50c}', '"', '\\', '\u0000']);
  return unit.repeat(random.pick(LONG_STRING_LENGTHS));
}

export function hostileNumber(random: Prng): number {
  if (random.next() < 0.6) return random.pick(HOSTILE_NUMBERS);
  return random.next() < 0.5 ? random.between(-100, 100_000) : (random.next() - 0.5) * 1e6;
}

export function hostileToken(random: Prng): string {
  return random.pick(HOSTILE_TOKENS);
}

export function fieldName(random: Prng): string {
  return random.pick(FIELD_NAMES);
}

/** Any JSON value; objects may carry an own key `__proto__`, as JSON.parse makes it. */
export function anyValue(random: Prng, depth = 0): Json {
  const kind = random.between(0, depth >= DEPTH_MAX ? 4 : 7);
  if (kind <= 1) return hostileString(random);
  if (kind === 2) return hostileNumber(random);
  if (kind === 3) return random.next() < 0.5;
  if (kind === 4) return null;
  if (kind === 5) return Array.from({ length: random.between(0, 3) }, () => anyValue(random, depth + 1));
  return objectOf(
    Array.from({ length: random.between(0, 5) }, () => [fieldName(random), anyValue(random, depth + 1)] as const),
  );
}

/** `fromEntries` defines own keys: `__proto__` becomes a field like any other, and stays one in the text. */
export function objectOf(entries: readonly (readonly [string, Json])[]): { readonly [name: string]: Json } {
  return Object.fromEntries(entries);
}
