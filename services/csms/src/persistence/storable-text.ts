/** What PostgreSQL's text and jsonb refuse: NUL, and surrogates without their other half. */
const UNSTORABLE = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const REPLACEMENT = '\uFFFD';
/** How JSON.stringify writes them. */
const ESCAPED = /\\u(?:0000|d[89a-f])/;

/** JSON text that PostgreSQL takes whatever chargers wrote; what it refuses becomes U+FFFD (the frame keeps the bytes). */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // Nearly always nothing to do, and one native search tells.
  return ESCAPED.test(json) ? JSON.stringify(value, replaceUnstorable) : json;
}

/** Text for a text column, before it is encoded: UTF-8 itself replaces halves of surrogate pairs. */
export function storableText(value: string): string {
  return value.includes('\0') ? value.replaceAll('\0', REPLACEMENT) : value;
}

function replaceUnstorable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(UNSTORABLE, REPLACEMENT) : value;
}
