import {
  SETTLE_BATCH_BYTES_MAX,
  SETTLE_ITEMS_MAX,
  type LedgerQueries,
  type LedgerTransactions,
  type OffsetTransitionArgs,
  type PriceArgs,
  type RateItemArgs,
  type SettleItemArgs,
  type SettleLineArgs,
} from '@tallywatt/contracts';
import { AMOUNT_MINOR_MAX, ENERGY_WH_MAX, MAX_LINES, PRICE_E4_MAX } from '@tallywatt/domain';
import {
  decimal,
  fields,
  flag,
  integer,
  invalid,
  ledgerId,
  list,
  nullable,
  optional,
  parseArgument,
  sha256Hex,
  text,
  type Reader,
} from './argument-codec.js';
import {
  ARGUMENT_BYTES_MAX,
  BLOCK_MAX,
  FACTOR_E6_MAX,
  FOLD_KEYS_MAX,
  INSTANT_MS_MAX,
  INSTANT_MS_MIN,
  NODES_MAX,
  OFFSETS_MAX,
  PAGE_SIZE_MAX,
  PILE_TYPES_MAX,
  PRICES_MAX,
  REGISTER_WH_MAX,
  STATE_KEY_LENGTH_MAX,
} from './limits.js';

const instantMs = integer(INSTANT_MS_MIN, INSTANT_MS_MAX);
const registerWh = decimal(0n, REGISTER_WH_MAX);
const positiveAmount = decimal(1n, AMOUNT_MINOR_MAX);
const anyAmount = decimal(-AMOUNT_MINOR_MAX, AMOUNT_MINOR_MAX);
const factorE6 = decimal(0n, FACTOR_E6_MAX);
const block = integer(0, BLOCK_MAX);
const page = { pageSize: integer(1, PAGE_SIZE_MAX), bookmark: bookmarkText };

/** A bookmark is a state key with a position: composite keys hold control characters. */
function bookmarkText(value: unknown, path: string): string {
  if (typeof value !== 'string' || value.length > STATE_KEY_LENGTH_MAX) throw invalid(path, 'a bookmark');
  return value;
}

const offset = fields<OffsetTransitionArgs>({
  // The first transition is open to the past, so it may start before the year 2000.
  fromMs: integer(0, INSTANT_MS_MAX),
  offsetMinutes: integer(-14 * 60, 14 * 60),
});
const price = fields<PriceArgs>({
  priceId: ledgerId,
  fromMinute: integer(0, 1439),
  toMinute: integer(1, 1440),
  weekdayMask: integer(1, 127),
  validFromMs: integer(0, INSTANT_MS_MAX),
  validToMs: nullable(instantMs),
  electricityPriceE4: decimal(0n, PRICE_E4_MAX),
  servicePriceE4: decimal(0n, PRICE_E4_MAX),
});
const line = fields<SettleLineArgs>({
  priceId: ledgerId,
  fromMs: instantMs,
  toMs: instantMs,
  energyWh: decimal(0n, ENERGY_WH_MAX),
});
const settleItem = fields<SettleItemArgs>({
  settlementId: ledgerId,
  evId: ledgerId,
  stationId: ledgerId,
  startMs: instantMs,
  endMs: instantMs,
  meterStartWh: registerWh,
  meterStopWh: registerWh,
  lines: list(line, 1, MAX_LINES),
  totalMinor: decimal(0n, AMOUNT_MINOR_MAX),
  evidenceSha256: sha256Hex,
  replaces: optional(ledgerId),
});
const rateItem = fields<RateItemArgs>({ settlementId: ledgerId, evId: ledgerId, rating: integer(1, 100) });

const READERS: {
  readonly [F in keyof (LedgerTransactions & LedgerQueries)]: Reader<(LedgerTransactions & LedgerQueries)[F]>;
} = {
  RegisterOperator: fields({ operatorId: ledgerId, name: text(100) }),
  RegisterStation: fields({
    stationId: ledgerId,
    operatorId: ledgerId,
    name: text(100),
    peerNode: ledgerId,
    tariffId: ledgerId,
    latE6: integer(-90_000_000, 90_000_000),
    lonE6: integer(-180_000_000, 180_000_000),
    offsets: list(offset, 1, OFFSETS_MAX),
    piles: list(fields({ type: text(32), count: integer(1, 10_000) }), 0, PILE_TYPES_MAX),
  }),
  PublishTariff: fields({
    tariffId: ledgerId,
    operatorId: ledgerId,
    prices: list(price, 1, PRICES_MAX),
    publishedAtMs: instantMs,
  }),
  OpenAccount: fields({ evId: ledgerId, operatorId: ledgerId }),
  FreezeAccount: fields({ evId: ledgerId, frozen: flag }),
  Deposit: fields({ evId: ledgerId, amountMinor: positiveAmount, reference: ledgerId }),
  PayOut: fields({ stationId: ledgerId, amountMinor: positiveAmount, reference: ledgerId }),
  Refund: fields({ evId: ledgerId, amountMinor: positiveAmount, reference: ledgerId }),
  SettleBatch: fields({ operatorId: ledgerId, items: list(settleItem, 1, SETTLE_ITEMS_MAX) }),
  RateBatch: fields({ items: list(rateItem, 1, SETTLE_ITEMS_MAX) }),
  ReportEndorsements: fields({
    fromBlock: block,
    toBlock: block,
    ledgerUpdates: block,
    tally: list(fields({ peerNode: ledgerId, endorsements: block }), 0, NODES_MAX),
  }),
  FoldAccount: fields({ stationId: ledgerId, deltaKeys: list(stateKeyText, 1, FOLD_KEYS_MAX) }),
  IssueCreditNote: fields({ settlementId: ledgerId, evId: ledgerId, reference: ledgerId, reason: text(200) }),
  SetParameters: fields({
    alphaE6: decimal(1n, FACTOR_E6_MAX),
    betaE6: factorE6,
    sigmaE6: decimal(1n, FACTOR_E6_MAX),
    maxLevel: integer(1, 100),
    maxRating: integer(1, 100),
    thresholdMinor: anyAmount,
    minCreditE6: decimal(-1_000_000n, 1_000_000n),
    currency: currencyCode,
    currencyDecimals: integer(0, 4),
    endorsementRangeBlocks: integer(1, 1_000_000),
    endorsementQuorum: integer(1, 100),
  }),
  Anchor: fields({ kind: ledgerId, ref: ledgerId, sha256: sha256Hex }),
  GetAccount: fields({ evId: ledgerId }),
  GetStation: fields({ stationId: ledgerId }),
  GetBill: fields({ billId: ledgerId }),
  BillsByAccount: fields({ evId: ledgerId, ...page }),
  BillsByStation: fields({ stationId: ledgerId, ...page }),
  BillsByOperator: fields({ operatorId: ledgerId, ...page }),
  GetParameters: fields({}),
  Supply: fields({}),
};

/** A composite key; its separators are control characters, so it is no printable text. */
function stateKeyText(value: unknown, path: string): string {
  if (typeof value !== 'string' || value.length > STATE_KEY_LENGTH_MAX) throw invalid(path, 'a state key');
  return value;
}

function currencyCode(value: unknown, path: string): string {
  if (typeof value !== 'string' || !/^[A-Z]{3}$/.test(value)) throw invalid(path, 'an ISO 4217 code');
  return value;
}

type AnyFunction = keyof (LedgerTransactions & LedgerQueries);

/** The argument of a contract function, checked again whatever the client promised. */
export function readArgument<F extends AnyFunction>(fn: F, json: string): (LedgerTransactions & LedgerQueries)[F] {
  return parseArgument(json, fn === 'SettleBatch' ? SETTLE_BATCH_BYTES_MAX : ARGUMENT_BYTES_MAX, READERS[fn]);
}
