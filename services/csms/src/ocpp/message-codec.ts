import type { Action, CommandAction, CommandRequests, CommandResponses, Requests } from './actions.js';

/**
 * Where `unknown` becomes a typed message. The official schema of the action has checked the shape just before;
 * or, for a transaction message that did not pass, `CallContext.schemaValid` tells the handler that it may be anything.
 */
export function asRequest<A extends Action>(_action: A, payload: unknown): Requests[A] {
  return payload as Requests[A];
}

export function asCommandRequest<A extends CommandAction>(_action: A, payload: unknown): CommandRequests[A] {
  return payload as CommandRequests[A];
}

export function asCommandResponse<A extends CommandAction>(_action: A, payload: unknown): CommandResponses[A] {
  return payload as CommandResponses[A];
}

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
