/** How one outbound CALL ended (ocpp.md "Commands"). */
export type CallOutcome =
  | { readonly type: 'result'; readonly payload: unknown }
  | { readonly type: 'error'; readonly code: string; readonly description: string; readonly details: unknown }
  | { readonly type: 'timeout' }
  /** Never sent: its time in the queue ran out, or the pile is not connected here. */
  | { readonly type: 'expired' | 'not-connected' };

/** Sends a CALL to a connected pile: one in flight per pile, a bounded queue behind it. */
export abstract class PileCaller {
  /** `timeoutMs` bounds the wait in the queue (`expired`) and, again, the wait for the answer (`timeout`). */
  abstract call(
    chargePointId: string,
    action: string,
    payload: object,
    timeoutMs: number,
    onSent?: () => void,
  ): Promise<CallOutcome>;
  /** Of these piles, those that are connected. */
  abstract connectedAmong(chargePointIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Frames of both directions for the live log and the 7-day store; transaction calls are also stored with their commit. */
export interface LoggedFrame {
  readonly chargePointId: string;
  readonly direction: 'in' | 'out';
  readonly frame: string;
  readonly at: number;
  readonly action: string | undefined;
  readonly messageId: string;
}
export abstract class FrameLog {
  abstract append(frame: LoggedFrame): void;
}
