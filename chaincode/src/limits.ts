/** Bounds of the contract's arguments: what no honest client exceeds. */

/** Years 2000 to 2100, as everywhere (rules.md). */
export const INSTANT_MS_MIN = 946_684_800_000;
export const INSTANT_MS_MAX = 4_133_980_799_999;
/** A register that counts Wh stays far below this; beyond it JSON integers stop being exact. */
export const REGISTER_WH_MAX = 10n ** 15n;
/** Everything but a batch is one record. */
export const ARGUMENT_BYTES_MAX = 64_000;
/** Two transitions a year for 200 years. */
export const OFFSETS_MAX = 400;
export const PILE_TYPES_MAX = 32;
export const PRICES_MAX = 200;
export const NODES_MAX = 1000;
export const FOLD_KEYS_MAX = 1000;
/** Four parts of 64 characters, a time and separators. */
export const STATE_KEY_LENGTH_MAX = 300;
export const PAGE_SIZE_MAX = 200;
export const BLOCK_MAX = Number.MAX_SAFE_INTEGER;
export const FACTOR_E6_MAX = 10n ** 12n;
