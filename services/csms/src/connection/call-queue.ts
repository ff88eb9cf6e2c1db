import { encodeCall } from './frame.js';
import { LATE_ANSWERS_MAX, OUTBOUND_QUEUE_MAX } from './limits.js';
import type { CallOutcome } from './pile-caller.js';

interface OutboundCall {
  readonly messageId: string;
  readonly action: string;
  readonly payload: object;
  readonly timeoutMs: number;
  readonly onSent: (() => void) | undefined;
  readonly end: (outcome: CallOutcome) => void;
  /** Of the wait in the queue, then of the wait for the answer. */
  deadlineMs: number;
}

/** What the queue needs of its socket; `isKnown` is false when the id was never ours. */
export interface CallTransport {
  send(text: string, action: string, messageId: string): void;
  answeredLate(messageId: string, isKnown: boolean): void;
}

/** Calls of the Central System to one socket: one in flight, a bounded queue behind it, deadlines checked by the sweep. */
export class CallQueue {
  private inFlight: OutboundCall | undefined;
  private readonly waiting: OutboundCall[] = [];
  private readonly timedOutIds: string[] = [];
  private isClosed = false;

  constructor(
    private readonly transport: CallTransport,
    private readonly newId: () => string,
    private readonly monotonicMs: () => number,
  ) {}

  call(action: string, payload: object, timeoutMs: number, onSent?: () => void): Promise<CallOutcome> {
    if (this.isClosed) return Promise.resolve({ type: 'not-connected' });
    if (this.waiting.length >= OUTBOUND_QUEUE_MAX) return Promise.resolve({ type: 'expired' });
    return new Promise((end) => {
      this.waiting.push({
        messageId: this.newId(),
        action,
        payload,
        timeoutMs,
        onSent,
        end,
        deadlineMs: this.monotonicMs() + timeoutMs,
      });
      this.sendNext();
    });
  }

  /** An answer of the pile: ends the call in flight, or is counted as late. */
  answer(messageId: string, outcome: CallOutcome): void {
    if (this.inFlight?.messageId === messageId) {
      this.endInFlight(outcome);
      return;
    }
    const at = this.timedOutIds.indexOf(messageId);
    if (at !== -1) this.timedOutIds.splice(at, 1);
    this.transport.answeredLate(messageId, at !== -1);
  }

  sweep(nowMs: number): void {
    for (let at = this.waiting.length - 1; at >= 0; at--) {
      const call = this.waiting[at];
      if (call === undefined || call.deadlineMs > nowMs) continue;
      this.waiting.splice(at, 1);
      call.end({ type: 'expired' });
    }
    if (this.inFlight === undefined || this.inFlight.deadlineMs > nowMs) return;
    this.timedOutIds.push(this.inFlight.messageId);
    if (this.timedOutIds.length > LATE_ANSWERS_MAX) this.timedOutIds.shift();
    this.endInFlight({ type: 'timeout' });
  }

  /** The socket is gone: what was sent may have been heard (`timeout`), the rest was not. */
  close(): void {
    this.isClosed = true;
    const unsent = this.waiting.splice(0);
    this.endInFlight({ type: 'timeout' });
    for (const call of unsent) call.end({ type: 'not-connected' });
  }

  private endInFlight(outcome: CallOutcome): void {
    const ended = this.inFlight;
    this.inFlight = undefined;
    ended?.end(outcome);
    this.sendNext();
  }

  private sendNext(): void {
    if (this.inFlight !== undefined || this.isClosed) return;
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.inFlight = next;
    next.deadlineMs = this.monotonicMs() + next.timeoutMs;
    this.transport.send(encodeCall(next.messageId, next.action, next.payload), next.action, next.messageId);
    next.onSent?.();
  }
}
