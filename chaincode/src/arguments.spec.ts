import { describe, expect, it } from '@jest/globals';
import { LEDGER_FUNCTIONS, LEDGER_QUERIES, type LedgerFunction, type LedgerQuery } from '@tallywatt/contracts';
import { readArgument } from './arguments.js';
import {
  ARGUMENT_BYTES_MAX,
  BLOCK_MAX,
  FACTOR_E6_MAX,
  FOLD_KEYS_MAX,
  INSTANT_MS_MAX,
  NODES_MAX,
  OFFSETS_MAX,
  PAGE_SIZE_MAX,
  PILE_TYPES_MAX,
  PRICES_MAX,
  REGISTER_WH_MAX,
  STATE_KEY_LENGTH_MAX,
} from './limits.js';
import { END_MS, flatPrice, item, NOW_MS, PARAMETERS, SHA, START_MS } from './testing/ledger-world.js';

type Fields = Readonly<Record<string, unknown>>;
const NODE = { peerNode: 'n', endorsements: 0 };
const page = { pageSize: 10, bookmark: '' };
const STATION = {
  stationId: 'CS',
  operatorId: 'TELD',
  name: 'x',
  peerNode: 'n',
  tariffId: 'T',
  latE6: 0,
  lonE6: 0,
  offsets: [{ fromMs: 0, offsetMinutes: 0 }],
  piles: [{ type: 'DC', count: 1 }],
};
const GOOD: Readonly<Record<LedgerFunction | LedgerQuery, Fields>> = {
  RegisterOperator: { operatorId: 'TELD', name: 'TELD' },
  RegisterStation: STATION,
  PublishTariff: { tariffId: 'T', operatorId: 'TELD', prices: [flatPrice('P')], publishedAtMs: NOW_MS },
  OpenAccount: { evId: 'EV', operatorId: 'TELD' },
  FreezeAccount: { evId: 'EV', frozen: true },
  Deposit: { evId: 'EV', amountMinor: '1', reference: 'r' },
  PayOut: { stationId: 'CS', amountMinor: '1', reference: 'r' },
  Refund: { evId: 'EV', amountMinor: '1', reference: 'r' },
  SettleBatch: { operatorId: 'TELD', items: [item('s-1', { replaces: 's-0' })] },
  RateBatch: { items: [{ settlementId: 's-1', evId: 'EV', rating: 5 }] },
  ReportEndorsements: { fromBlock: 0, toBlock: 9, ledgerUpdates: 3, tally: [{ peerNode: 'n', endorsements: 1 }] },
  FoldAccount: { stationId: 'CS', deltaKeys: ['\u0000S\u0000CS\u0000'] },
  IssueCreditNote: { settlementId: 's', evId: 'EV', reference: 'r', reason: 'because' },
  SetParameters: { ...PARAMETERS },
  Anchor: { kind: 'k', ref: 'r', sha256: SHA },
  GetAccount: { evId: 'EV' },
  GetStation: { stationId: 'CS' },
  GetBill: { billId: 's' },
  BillsByAccount: { evId: 'EV', ...page },
  BillsByStation: { stationId: 'CS', ...page },
  BillsByOperator: { operatorId: 'TELD', ...page },
  GetParameters: {},
  Supply: {},
};
const FUNCTIONS = [...LEDGER_FUNCTIONS, ...LEDGER_QUERIES];

const settling = (change: Fields): Fields => ({ operatorId: 'TELD', items: [{ ...item('s-1'), ...change }] });
const line = (change: Fields): Fields =>
  settling({ lines: [{ priceId: 'P', fromMs: START_MS, toMs: END_MS, energyWh: '1', ...change }] });
const BAD: readonly [LedgerFunction | LedgerQuery, string, unknown][] = [
  ['OpenAccount', 'an id with U+0000', { evId: 'a\u0000b', operatorId: 'TELD' }],
  ['OpenAccount', 'an id with U+10FFFF', { evId: 'a\u{10FFFF}', operatorId: 'TELD' }],
  ['OpenAccount', 'an empty id', { evId: '', operatorId: 'TELD' }],
  ['OpenAccount', 'an id of 65 characters', { evId: 'a'.repeat(65), operatorId: 'TELD' }],
  ['OpenAccount', 'an id with a tilde', { evId: 'a~b', operatorId: 'TELD' }],
  ['OpenAccount', 'an array', []],
  ['OpenAccount', 'null', null],
  ['OpenAccount', 'text', 'x'],
  ['Deposit', 'money as a number', { evId: 'EV', amountMinor: 1, reference: 'r' }],
  ['Deposit', 'zero', { evId: 'EV', amountMinor: '0', reference: 'r' }],
  ['Deposit', 'a negative amount', { evId: 'EV', amountMinor: '-1', reference: 'r' }],
  ['Deposit', 'a fraction', { evId: 'EV', amountMinor: '1.5', reference: 'r' }],
  ['Deposit', 'an exponent', { evId: 'EV', amountMinor: '1e3', reference: 'r' }],
  ['Deposit', 'a leading zero', { evId: 'EV', amountMinor: '01', reference: 'r' }],
  ['Deposit', 'minus zero', { evId: 'EV', amountMinor: '-0', reference: 'r' }],
  ['Deposit', 'a plus sign', { evId: 'EV', amountMinor: '+1', reference: 'r' }],
  ['Deposit', 'white space', { evId: 'EV', amountMinor: ' 1', reference: 'r' }],
  ['Deposit', 'hexadecimal', { evId: 'EV', amountMinor: '0x1', reference: 'r' }],
  ['Deposit', 'more than 10^15', { evId: 'EV', amountMinor: '1000000000000001', reference: 'r' }],
  ['FreezeAccount', 'a word for a flag', { evId: 'EV', frozen: 'true' }],
  ['SettleBatch', 'negative energy', line({ energyWh: '-1' })],
  ['SettleBatch', 'energy beyond a session', line({ energyWh: '2000001' })],
  ['SettleBatch', 'a float time', line({ fromMs: START_MS + 0.5 })],
  ['SettleBatch', 'a time before 2000', settling({ startMs: 1 })],
  ['SettleBatch', 'a time after 2100', settling({ endMs: 5_000_000_000_000 })],
  ['SettleBatch', 'no lines', settling({ lines: [] })],
  ['SettleBatch', '129 lines', settling({ lines: Array.from({ length: 129 }, () => item('s').lines[0]) })],
  ['SettleBatch', 'a short hash', settling({ evidenceSha256: 'ab' })],
  ['SettleBatch', 'a hash in capitals', settling({ evidenceSha256: 'AB'.repeat(32) })],
  ['SettleBatch', 'null for an absent field', settling({ replaces: null })],
  ['SettleBatch', 'an unknown field in an item', settling({ price: '1' })],
  ['SettleBatch', 'an unknown field in a line', line({ electricityPriceE4: '1' })],
  ['RateBatch', 'a rating of 0', { items: [{ settlementId: 's', evId: 'EV', rating: 0 }] }],
  ['RateBatch', 'half a star', { items: [{ settlementId: 's', evId: 'EV', rating: 4.5 }] }],
  ['RegisterStation', 'a latitude beyond the pole', { ...STATION, latE6: 90_000_001 }],
  ['RegisterStation', 'a name with a control character', { ...STATION, name: 'a\nb' }],
  ['RegisterStation', 'a name with a lone surrogate', { ...STATION, name: 'a\uD800' }],
  ['RegisterStation', 'no offsets', { ...STATION, offsets: [] }],
  ['SetParameters', 'alpha of zero', { ...PARAMETERS, alphaE6: '0' }],
  ['SetParameters', 'sigma of zero', { ...PARAMETERS, sigmaE6: '0' }],
  ['SetParameters', 'a currency in small letters', { ...PARAMETERS, currency: 'cny' }],
  ['BillsByAccount', 'a page of 201', { evId: 'EV', pageSize: 201, bookmark: '' }],
  ['BillsByAccount', 'an endless bookmark', { evId: 'EV', pageSize: 1, bookmark: 'x'.repeat(301) }],
];

const many = <T>(count: number, member: T): T[] => Array.from({ length: count }, () => member);
/** Per limit: the function, the argument at the limit, and beyond it. */
const LIMITS: readonly [string, LedgerFunction | LedgerQuery, (value: number) => Fields, number][] = [
  ['INSTANT_MS_MAX', 'SettleBatch', (endMs) => settling({ endMs }), INSTANT_MS_MAX],
  ['REGISTER_WH_MAX', 'SettleBatch', (wh) => settling({ meterStopWh: String(wh) }), Number(REGISTER_WH_MAX)],
  [
    'OFFSETS_MAX',
    'RegisterStation',
    (count) => ({ ...STATION, offsets: many(count, STATION.offsets[0]) }),
    OFFSETS_MAX,
  ],
  [
    'PILE_TYPES_MAX',
    'RegisterStation',
    (count) => ({ ...STATION, piles: many(count, STATION.piles[0]) }),
    PILE_TYPES_MAX,
  ],
  [
    'PRICES_MAX',
    'PublishTariff',
    (count) => ({ ...GOOD.PublishTariff, prices: many(count, flatPrice('P')) }),
    PRICES_MAX,
  ],
  ['NODES_MAX', 'ReportEndorsements', (count) => ({ ...GOOD.ReportEndorsements, tally: many(count, NODE) }), NODES_MAX],
  ['BLOCK_MAX', 'ReportEndorsements', (toBlock) => ({ ...GOOD.ReportEndorsements, toBlock }), BLOCK_MAX],
  ['FOLD_KEYS_MAX', 'FoldAccount', (count) => ({ stationId: 'CS', deltaKeys: many(count, 'k') }), FOLD_KEYS_MAX],
  [
    'STATE_KEY_LENGTH_MAX',
    'FoldAccount',
    (length) => ({ stationId: 'CS', deltaKeys: ['k'.repeat(length)] }),
    STATE_KEY_LENGTH_MAX,
  ],
  ['PAGE_SIZE_MAX', 'BillsByAccount', (pageSize) => ({ evId: 'EV', pageSize, bookmark: '' }), PAGE_SIZE_MAX],
  ['FACTOR_E6_MAX', 'SetParameters', (alpha) => ({ ...PARAMETERS, alphaE6: String(alpha) }), Number(FACTOR_E6_MAX)],
];

describe('limits', () => {
  it.each(LIMITS)('%s holds in %s: so much and no more', (_name, fn, argument, limit) => {
    expect(readArgument(fn, JSON.stringify(argument(limit)))).toBeDefined();
    expect(() => readArgument(fn, JSON.stringify(argument(limit + 1)))).toThrow(/^INVALID_ARGUMENT: /);
  });

  it('of bytes is checked before anything is parsed', () => {
    expect(() => readArgument('GetAccount', ' '.repeat(ARGUMENT_BYTES_MAX))).toThrow(/^INVALID_ARGUMENT: /);
    expect(() => readArgument('GetAccount', ' '.repeat(ARGUMENT_BYTES_MAX + 1))).toThrow(/^BATCH_TOO_LARGE: /);
  });
});

describe('arguments', () => {
  it.each(FUNCTIONS)('of %s are read back as they were given', (fn) => {
    expect(readArgument(fn, JSON.stringify(GOOD[fn]))).toEqual(GOOD[fn]);
  });

  it.each(FUNCTIONS)('of %s with an unknown field are refused', (fn) => {
    expect(() => readArgument(fn, JSON.stringify({ ...GOOD[fn], extra: 1 }))).toThrow(/^INVALID_ARGUMENT: /);
  });

  it.each(
    FUNCTIONS.flatMap((fn) =>
      Object.keys(GOOD[fn]).map((field): [string, LedgerFunction | LedgerQuery] => [field, fn]),
    ),
  )('without %s of %s are refused', (field, fn) => {
    const { [field]: _gone, ...rest } = GOOD[fn];
    expect(() => readArgument(fn, JSON.stringify(rest))).toThrow(/^INVALID_ARGUMENT: /);
  });

  it.each(BAD)('of %s with %s are refused', (fn, _name, args) => {
    expect(() => readArgument(fn, JSON.stringify(args))).toThrow(/^INVALID_ARGUMENT: /);
  });

  it.each(['', '{', 'undefined', '{"evId":"a",}'])('that are no JSON are refused: %p', (text) => {
    expect(() => readArgument('GetAccount', text)).toThrow(/^INVALID_ARGUMENT: /);
  });

  it('leave Object.prototype alone and refuse __proto__ as a field', () => {
    expect(() => readArgument('GetAccount', '{"evId":"a","__proto__":{"polluted":1}}')).toThrow(/^INVALID_ARGUMENT: /);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('never repeat a value in their refusal', () => {
    expect(() => readArgument('OpenAccount', '{"evId":"secret person","operatorId":"TELD"}')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
