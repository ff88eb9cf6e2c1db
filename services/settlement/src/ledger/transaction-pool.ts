import type { Envelope } from './envelope.js';

/** A submitted transaction that no block has yet. */
export interface PooledTransaction {
  readonly txId: string;
  readonly bytes: Uint8Array;
  readonly envelope: Envelope;
}

/** Callers wait for the chain; a pool that grows beyond this says that they do not. */
export const POOLED_TRANSACTIONS_MAX = 10_000;

/** Submitted transactions in order of arrival, each once. Lost with the process: the caller submits its stored bytes again. */
export class TransactionPool {
  private readonly waiting = new Map<string, PooledTransaction>();
  private wake: (() => void) | undefined;

  get isFull(): boolean {
    return this.waiting.size >= POOLED_TRANSACTIONS_MAX;
  }

  has(txId: string): boolean {
    return this.waiting.has(txId);
  }

  add(transaction: PooledTransaction): void {
    if (!this.waiting.has(transaction.txId)) this.waiting.set(transaction.txId, transaction);
    this.wake?.();
  }

  /** The oldest transactions within both limits, at least one if there is any; they stay until {@link remove}. */
  oldest(countMax: number, bytesMax: number): PooledTransaction[] {
    const taken: PooledTransaction[] = [];
    let bytes = 0;
    for (const transaction of this.waiting.values()) {
      bytes += transaction.bytes.length;
      if (taken.length === countMax || (taken.length > 0 && bytes > bytesMax)) break;
      taken.push(transaction);
    }
    return taken;
  }

  remove(txIds: Iterable<string>): void {
    for (const txId of txIds) this.waiting.delete(txId);
  }

  /** Resolves when there is something to take, or when the signal aborts. */
  async untilNotEmpty(signal: AbortSignal): Promise<void> {
    if (this.waiting.size > 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.wake = done;
      signal.addEventListener('abort', done);
    });
    this.wake = undefined;
  }
}
