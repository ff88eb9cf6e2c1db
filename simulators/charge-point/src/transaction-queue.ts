import type { Clock } from './clock.js';
import { CallRefusedError, type PileLink } from './pile-link.js';

/** Messages that a pile keeps while it is offline; the eleven-thousandth is a sign of a broken run. */
export const QUEUE_LENGTH_MAX = 10_000;
/** Wait after a call that was not answered, before the same message is sent again. */
const RESEND_DELAY_MS = 250;

/** OCPP 1.6 section 3.7: how often a refused transaction message is sent, and how long a pile waits between. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly intervalMs: number;
}

interface QueuedMessage {
  readonly action: string;
  /** Built when it is sent: a Stop may wait for the transactionId that its Start is still asking for. */
  readonly payload: () => object;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Start-, StopTransaction and MeterValues in their order, one at a time. Without an answer a message is sent again
 * until there is one; after CALLERROR it is sent `attempts` times and then discarded, as the specification has it.
 */
export class TransactionQueue {
  private readonly messages: QueuedMessage[] = [];
  private sending = false;
  private paused = false;
  private stopped = false;

  constructor(
    private readonly link: PileLink,
    private readonly clock: Clock,
    private readonly policy: () => RetryPolicy,
  ) {}

  get length(): number {
    return this.messages.length;
  }

  send(action: string, payload: () => object): Promise<unknown> {
    if (this.messages.length >= QUEUE_LENGTH_MAX) return Promise.reject(new RangeError('the offline queue is full'));
    return new Promise((resolve, reject) => {
      this.messages.push({ action, payload, resolve, reject });
      void this.drain();
    });
  }

  /** Offline: messages pile up until {@link resume}. */
  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    void this.drain();
  }

  /** The pile dies: what is queued stays unsent. */
  stop(): void {
    this.stopped = true;
    this.messages.length = 0;
  }

  private async drain(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let message = this.messages[0]; message !== undefined && !this.paused; message = this.messages[0]) {
      const outcome = await this.deliver(message);
      if (outcome === 'stopped' || outcome === 'paused') break;
      this.messages.shift();
    }
    this.sending = false;
  }

  private async deliver(message: QueuedMessage): Promise<'done' | 'paused' | 'stopped'> {
    for (let refusals = 0; ;) {
      if (this.stopped) return 'stopped';
      if (this.paused) return 'paused';
      try {
        message.resolve(await this.link.call(message.action, message.payload()));
        return 'done';
      } catch (error) {
        if (!(error instanceof CallRefusedError)) {
          await this.clock.sleep(RESEND_DELAY_MS);
          continue;
        }
        refusals += 1;
        const { attempts, intervalMs } = this.policy();
        if (refusals >= attempts) {
          message.reject(error);
          return 'done';
        }
        await this.clock.sleep(intervalMs * refusals);
      }
    }
  }
}
