import type { Eventually } from './eventually.js';
import type { Flag } from './flag.js';

/** A CALL as the connection hands it to the router: framed, size-checked, not yet validated. */
export interface InboundCall {
  readonly chargePointId: string;
  /** Grows with every accepted socket of this pile; fences commands and late frames. */
  readonly connectionEpoch: number;
  readonly messageId: string;
  readonly action: string;
  readonly payload: unknown;
  /** The frame as received: stored as evidence. */
  readonly rawFrame: string;
  readonly receivedAtMs: number;
  /** Oddities found while framing (duplicate keys, unsafe numbers, over-long message id). */
  readonly flags: readonly Flag[];
}

/**
 * What the connection does with a call. `close` when it could not be stored: no answer, socket closed with 1013.
 * `outage` says that the store is down for everybody, so that newcomers are refused for a while.
 */
export type CallReply =
  | { readonly type: 'result'; readonly payload: object }
  | { readonly type: 'error'; readonly code: string; readonly description: string }
  | { readonly type: 'close'; readonly reason: string; readonly outage?: true };

/** The only place that replies (ocpp/router). */
export abstract class CallRouter {
  /** Never throws: what fails becomes an error or a close. */
  abstract route(call: InboundCall): Eventually<CallReply>;
}
