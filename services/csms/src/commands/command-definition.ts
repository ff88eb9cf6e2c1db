import type { CommandAction, CommandRequests, CommandResponses } from '../ocpp/actions.js';

/** How one command is checked before it is sent, and what the pile's answer means. */
export interface CommandDefinition<A extends CommandAction> {
  readonly action: A;
  /** What the official schema cannot say: the first fault of a payload that it accepts, for a person to read. */
  check(request: CommandRequests[A]): string | undefined;
  read(response: CommandResponses[A]): 'accepted' | 'rejected';
  /** The answer without secrets, whatever its shape: it is stored and shown. Absent = as it came. */
  redact?(response: unknown): unknown;
}

const SECRET_KEYS: ReadonlySet<string> = new Set(['authorizationkey']);

/** Configuration keys whose value nobody but the pile may know. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEYS.has(key.toLowerCase());
}

export function noFault(): undefined {
  return undefined;
}

export function acceptedOrRejected(response: { readonly status: string }): 'accepted' | 'rejected' {
  return response.status === 'Accepted' ? 'accepted' : 'rejected';
}

/** Connectors are numbered from 1; 0 is the pile itself. */
export function connectorFault(connectorId: number | undefined, lowest: 0 | 1): string | undefined {
  return connectorId === undefined || connectorId >= lowest ? undefined : `connectorId must be ${lowest} or more`;
}
