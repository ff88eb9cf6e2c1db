/**
 * A wrong message and what OCPP 1.6 (edition 2, errata, OCPP-J 1.6) and the project's own rules for messy chargers owe
 * for it. Expectations are written from those texts; the product is not asked.
 */
export interface NegativeCase {
  readonly name: string;
  /** A strict station gets the standard's errors; a lenient one is understood where a patient person would. */
  readonly station: Station;
  /** Sent first, each answered before the next; `$TX` in later frames is the transactionId that a Start was given. */
  readonly before?: readonly string[];
  readonly frame: string;
  readonly expected: Expected;
}
export const STATIONS = ['strict', 'lenient'] as const;
export type Station = (typeof STATIONS)[number];

export type ErrorCode =
  | 'NotImplemented'
  | 'NotSupported'
  | 'FormationViolation'
  | 'PropertyConstraintViolation'
  | 'OccurenceConstraintViolation'
  | 'TypeConstraintViolation';

export type Expected =
  /** CALLERROR; `to` when it is not the frame's own id. */
  | { readonly error: ErrorCode; readonly to?: string }
  | { readonly result: 'taken'; readonly status?: string }
  /** Acknowledged, stored and held for a person: with this reason, or refused at the start. */
  | { readonly held: string }
  /** Acknowledged, and billed as the session's own numbers say. */
  | { readonly billed: number }
  | { readonly silence: true }
  | { readonly close: number };

export const MESSAGE_ID = 'n1';

export function call(action: string, payload: unknown, id = MESSAGE_ID): string {
  return JSON.stringify([2, id, action, payload]);
}

/** The same expectation at both stations. */
export function everywhere(
  name: string,
  frame: string,
  expected: Expected,
  before: readonly string[] = [],
): NegativeCase[] {
  return STATIONS.map((station) => ({ name: `${name} (${station})`, station, before, frame, expected }));
}

/** One case per station. */
export function apart(name: string, frame: string, strict: Expected, lenient: Expected): NegativeCase[] {
  return [
    { name: `${name} (strict)`, station: 'strict', frame, expected: strict },
    { name: `${name} (lenient)`, station: 'lenient', frame, expected: lenient },
  ];
}
