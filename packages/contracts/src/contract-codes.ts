/** Every refusal of the contract. Closed set: retry, display and tests go by code, never by text. */
export const CONTRACT_CODES = [
  'ACCESS_DENIED',
  'INVALID_ARGUMENT',
  'BATCH_TOO_LARGE',
  'ALREADY_EXISTS',
  'NOT_FOUND',
  'UNKNOWN_OPERATOR',
  'UNKNOWN_ACCOUNT',
  'UNKNOWN_STATION',
  'UNKNOWN_TARIFF',
  'UNKNOWN_PRICE',
  'UNKNOWN_BILL',
  'NO_PARAMETERS',
  'STATION_OF_OTHER_OPERATOR',
  'PRICE_OF_OTHER_TARIFF',
  'INVALID_TARIFF',
  'INVALID_TIME',
  'ACCOUNT_FROZEN',
  'AMOUNT_OUT_OF_RANGE',
  'INSUFFICIENT_BALANCE',
  'REFERENCE_USED',
  'CONTENT_DIFFERS',
  'ALREADY_CREDITED',
  'ALREADY_REPLACED',
  'NOT_CREDITED',
  'REPLACES_OTHER_SESSION',
  'ALREADY_RATED',
  'BILL_OF_OTHER_USER',
  'WRONG_RANGE',
  'REPORT_DIFFERS',
  'INTERNAL',
] as const;
/** Besides these, an item of SettleBatch may carry a code of the domain's own line check, prefixed with `LINES_`. */
export type ContractCode = (typeof CONTRACT_CODES)[number] | `LINES_${string}`;

const MESSAGE_PATTERN = /(?:^|[\s:,])([A-Z][A-Z_]{2,63}): /g;

/** The one way a contract error is written: Fabric carries nothing but a message. */
export function contractMessage(code: ContractCode, text: string): string {
  return `${code}: ${text}`;
}

/** The code in a message made by {@link contractMessage}, also behind a peer's own words; undefined when there is none. */
export function contractCodeOf(message: string): string | undefined {
  // gRPC's own words look alike ("2 UNKNOWN: …") and stand before the contract's.
  const named = [...message.matchAll(MESSAGE_PATTERN)].map(([, code]) => code);
  return named.find((code) => code?.startsWith('LINES_') === true || CONTRACT_CODES.some((known) => known === code));
}
