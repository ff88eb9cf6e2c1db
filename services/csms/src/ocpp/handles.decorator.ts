import { SetMetadata } from '@nestjs/common';
import type { Action, Requests, Responses } from './actions.js';
import type { ChargePoint } from '../piles/charge-point.js';
import type { Eventually } from './eventually.js';
import type { Flag } from './flag.js';

/** What a handler knows besides the request: the pile and the frame, nothing of sockets. */
export interface CallContext {
  readonly chargePoint: ChargePoint;
  readonly messageId: string;
  readonly rawFrame: string;
  readonly receivedAtMs: number;
  readonly flags: readonly Flag[];
  /**
   * For transaction messages whose payload did not pass even the lenient schema the request is the raw object:
   * handlers of StartTransaction, StopTransaction and MeterValues must read it defensively (reliability.md 1.2).
   */
  readonly schemaValid: boolean;
}

export interface MessageHandler<A extends Action> {
  handle(request: Requests[A], context: CallContext): Eventually<Responses[A]>;
}

export const HANDLES = 'tallywatt:handles';

/** Marks a handler class with its action; the registry refuses to start on a missing or doubled one. */
export function Handles<A extends Action>(action: A) {
  return <C extends new (...args: never[]) => MessageHandler<A>>(target: C): void => {
    SetMetadata(HANDLES, action)(target);
  };
}

/** Thrown when the store cannot commit: the router turns it into `close` (never a CALLERROR for a transaction message). */
export class StoreUnavailableError extends Error {}
