import { isTransactionAction } from '../ocpp/actions.js';
import type { Flag } from '../ocpp/flag.js';
import { countKeys, scanRaw } from '../ocpp/raw-scan.js';
import { ACTION_LENGTH_MAX, MESSAGE_ID_LENGTH_MAX } from './limits.js';

/** A frame of OCPP-J 1.6, read from text. `malformed` carries the id to answer to, if one could be read. */
export type Frame =
  | {
      readonly type: 'call';
      readonly messageId: string;
      readonly action: string;
      readonly payload: unknown;
      readonly flags: readonly Flag[];
    }
  | { readonly type: 'result'; readonly messageId: string; readonly payload: unknown }
  | {
      readonly type: 'error';
      readonly messageId: string;
      readonly code: string;
      readonly description: string;
      readonly details: unknown;
    }
  | { readonly type: 'malformed'; readonly messageId: string | undefined }
  /** OCPP-J 4.1.3: a message with another type number is ignored. */
  | { readonly type: 'ignored' };

const CALL = 2;
const CALL_RESULT = 3;
const CALL_ERROR = 4;
/** Answers to text in which no message id can be found. */
export const UNKNOWN_MESSAGE_ID = '-1';
const NO_FLAGS: readonly Flag[] = [];

export function parseFrame(text: string): Frame {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return { type: 'malformed', messageId: undefined };
  }
  if (!Array.isArray(message)) return { type: 'malformed', messageId: undefined };
  switch (message[0]) {
    case CALL:
      return parseCall(text, message);
    case CALL_RESULT:
      return parseResult(message);
    case CALL_ERROR:
      return parseError(message);
    default:
      return typeof message[0] === 'number' ? { type: 'ignored' } : { type: 'malformed', messageId: undefined };
  }
}

function parseCall(text: string, message: readonly unknown[]): Frame {
  const messageId = readMessageId(message[1]);
  const action = message[2];
  if (
    messageId === undefined ||
    typeof action !== 'string' ||
    action.length > ACTION_LENGTH_MAX ||
    message.length < 4
  ) {
    return { type: 'malformed', messageId };
  }
  const hasOddLength = messageId.length === 0 || messageId.length > MESSAGE_ID_LENGTH_MAX;
  // A transaction message is answered even so (C9): refused, the charger would discard it.
  if (hasOddLength && !isTransactionAction(action)) return { type: 'malformed', messageId };
  return readPayload(text, message, messageId, action, hasOddLength);
}

function readPayload(
  text: string,
  message: readonly unknown[],
  messageId: string,
  action: string,
  hasOddLength: boolean,
): Frame {
  const scan = scanRaw(text);
  const keyCount = countKeys(message);
  // No standard message nests like that: a transaction message keeps its evidence, and its values are not looked at.
  const isTooDeep = keyCount === Infinity;
  const isObject = typeof message[3] === 'object' && message[3] !== null && !Array.isArray(message[3]);
  if (isTooDeep && !(isObject && isTransactionAction(action))) return { type: 'malformed', messageId };
  const isOdd = hasOddLength || scan.hasUnsafeNumber || isTooDeep || scan.keyCount !== keyCount;
  if (!isOdd && message.length === 4 && typeof message[1] === 'string') {
    return { type: 'call', messageId, action, payload: message[3], flags: NO_FLAGS };
  }
  const flags: Flag[] = [];
  if (hasOddLength) flags.push('long_message_id');
  if (scan.hasUnsafeNumber) flags.push('unsafe_number');
  if (!isTooDeep && scan.keyCount !== keyCount) flags.push('duplicate_key');
  if (message.length > 4 || isTooDeep) flags.push('extra_field');
  if (typeof message[1] !== 'string') flags.push('string_as_number');
  return { type: 'call', messageId, action, payload: isTooDeep ? {} : message[3], flags };
}

function parseResult(message: readonly unknown[]): Frame {
  const messageId = readMessageId(message[1]);
  if (messageId === undefined || countKeys(message[2]) === Infinity) return { type: 'malformed', messageId: undefined };
  return { type: 'result', messageId, payload: message[2] };
}

function parseError(message: readonly unknown[]): Frame {
  const messageId = readMessageId(message[1]);
  if (messageId === undefined || countKeys(message[4]) === Infinity) return { type: 'malformed', messageId: undefined };
  const code = typeof message[2] === 'string' ? message[2] : 'GenericError';
  const description = typeof message[3] === 'string' ? message[3] : '';
  return { type: 'error', messageId, code, description, details: message[4] ?? {} };
}

/** Some chargers number their messages without quotes. */
function readMessageId(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

export function encodeCall(messageId: string, action: string, payload: object): string {
  return JSON.stringify([CALL, messageId, action, payload]);
}
export function encodeResult(messageId: string, payload: object): string {
  return JSON.stringify([CALL_RESULT, messageId, payload]);
}
/** Details stay empty: errors echo nothing of the request (C13). */
export function encodeError(messageId: string, code: string, description: string): string {
  return JSON.stringify([CALL_ERROR, messageId, code, description, {}]);
}
