/**
 * An independent reading of OCPP-J 1.6 and of docs: from the text of a frame alone, what the central system owes for
 * it. Shares no line with the product, so that a misreading there is not repeated here.
 */
export interface Due {
  /** Id of the one answer; undefined when none may come. */
  readonly answerTo: string | undefined;
  /** A transaction message whose payload is an object: a CALLERROR would make the charger discard it. */
  readonly mustBeResult: boolean;
  /** The action, when it is text. */
  readonly action: string | undefined;
  /** Surely no message of OCPP-J: it counts against the connection. */
  readonly isMalformed: boolean;
}

/** The id that an answer carries when none can be read. */
export const NO_ID = '-1';
const TRANSACTION_ACTIONS: ReadonlySet<unknown> = new Set(['StartTransaction', 'StopTransaction', 'MeterValues']);
const ACTION_LENGTH_MAX = 64;

const MALFORMED: Due = { answerTo: NO_ID, mustBeResult: false, action: undefined, isMalformed: true };
const NOISE: Due = { answerTo: undefined, mustBeResult: false, action: undefined, isMalformed: true };

export function dueAnswer(text: string): Due {
  const message = parse(text);
  if (!Array.isArray(message)) return MALFORMED;
  const [type, id, action, payload] = message as readonly unknown[];
  if (type === 3 || type === 4) return readable(id) && !isTooDeep(message[type === 3 ? 2 : 4]) ? NOISE : MALFORMED;
  if (type !== 2) return typeof type === 'number' ? NOISE : MALFORMED;
  const isComplete = typeof action === 'string' && action.length <= ACTION_LENGTH_MAX && message.length >= 4;
  return {
    answerTo: readable(id) ? String(id) : NO_ID,
    mustBeResult: readable(id) && isComplete && TRANSACTION_ACTIONS.has(action) && isObject(payload),
    action: typeof action === 'string' ? action : undefined,
    isMalformed: !readable(id) || !isComplete,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Text, or a number as some chargers write it. */
function readable(id: unknown): boolean {
  return typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deeper than any message of the standard. Level by level: a recursion would end where the attack begins. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= 33; depth++) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (level.length === 0) return false;
  }
  return true;
}
