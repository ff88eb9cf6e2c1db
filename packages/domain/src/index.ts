export { success, failure } from './result.js';
export type { Result } from './result.js';
export {
  AMOUNT_MINOR_MAX,
  CURRENCY_DECIMALS_MAX,
  PRICE_E4_MAX,
  divFloor,
  divHalfAwayFromZero,
  divHalfUp,
  feeMinor,
  formatAmount,
  parseAmountMinor,
} from './money.js';
export type { AmountMinor } from './money.js';
export { formatRfc3339, localMinuteOfDay, localWeekday, parseRfc3339Utc } from './time.js';
export type { EpochMs } from './time.js';
export { offsetAt } from './utc-offset.js';
export type { OffsetTransition } from './utc-offset.js';
export { priceAt } from './tariff.js';
export type { Price, Tariff } from './tariff.js';
export { LINES_MAX, LINES_MAX as MAX_LINES, priceIntervals } from './price-intervals.js';
export type { IntervalFault, PriceInterval } from './price-intervals.js';
export { PRICES_PER_TARIFF_MAX, checkTariff } from './tariff-check.js';
export type { TariffFault } from './tariff-check.js';
export { checkTariffChange } from './tariff-change.js';
export type { TariffChangeFault } from './tariff-change.js';
export { ENERGY_WH_MAX, registerAt, registerPoints } from './energy.js';
export type { Reading } from './energy.js';
export { checkLines, creditNoteLines, priceSession, totalMinor } from './settlement.js';
export type { BillLine, BillableSession, PricedSession, ProposedLine, SettlementFault } from './settlement.js';
export { NEW_CREDIT_STATE, deposit, isBlocked, pay, payReplacement } from './credit.js';
export type { CreditState } from './credit.js';
export { applyRating } from './evaluation.js';
export type { EvaluationParameters, RatingInput } from './evaluation.js';
export { FIXED_ONE, expFixed } from './fixed-point.js';
export { experienceFixed } from './experience.js';
export { distanceM, rankStations } from './station-choice.js';
export type { ChoosableStation, Position } from './station-choice.js';
export { ROUNDING_RULE, RULES_VERSION } from './rules-version.js';
