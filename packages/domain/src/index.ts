export { billLine, billOf, creditNoteLines } from './bill-line.js';
export type { Bill, BillLine, LineClaim } from './bill-line.js';
export { deposit, isBlocked, NEW_CREDIT, pay, payAgain, refund } from './credit.js';
export type { CreditState, Deposited, Paid } from './credit.js';
export { distanceM } from './distance.js';
export type { Place } from './distance.js';
export { ENERGY_WH_MAX, registerAt, usableReadings } from './energy.js';
export type { MeteredSpan, Reading } from './energy.js';
export { applyRating } from './evaluation.js';
export type { EvaluationParameters, RatingInput } from './evaluation.js';
export { experience } from './experience.js';
export type { EndorsementCount, Fraction } from './experience.js';
export { EXP_ARGUMENT_MAX, expFixed, FIXED_ONE } from './fixed-point.js';
export type { Fixed } from './fixed-point.js';
export {
  AMOUNT_MINOR_MAX,
  CURRENCY_DECIMALS_MAX,
  feeMinor,
  formatAmount,
  parseAmountMinor,
  PRICE_E4_MAX,
} from './money.js';
export type { AmountMinor } from './money.js';
export { MAX_LINES, priceIntervals } from './price-intervals.js';
export type { PriceInterval, PriceIntervalFault } from './price-intervals.js';
export type { Result } from './result.js';
export { divFloor, divHalfAwayFromZero, divHalfUp } from './rounding.js';
export { RULES_VERSION } from './rules-version.js';
export { priceSession } from './settlement.js';
export type { SessionFacts } from './settlement.js';
export { checkLines } from './settlement-check.js';
export type { SettlementClaim } from './settlement-check.js';
export type { SettlementFault, SettlementFaultCode } from './settlement-fault.js';
export { rankStations } from './station-choice.js';
export type { RankedStation } from './station-choice.js';
export { EVERY_DAY, priceAt } from './tariff.js';
export type { Price, Tariff } from './tariff.js';
export { checkTariffChange } from './tariff-change.js';
export type { TariffChangeFault } from './tariff-change.js';
export { checkTariff, PRICES_MAX } from './tariff-check.js';
export type { TariffFault } from './tariff-check.js';
export {
  formatRfc3339,
  isInstantMs,
  localMinuteOfDay,
  localWeekday,
  parseRfc3339Utc,
  TIME_MS_MAX,
  TIME_MS_MIN,
} from './time.js';
export { checkOffsets, OFFSETS_MAX, offsetAt } from './utc-offset.js';
export type { OffsetFault, OffsetTransition } from './utc-offset.js';
