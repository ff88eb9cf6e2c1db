import { PENDING_PILES_MAX } from './limits.js';

/** A pile that asked for a connection and is not registered: to be accepted with one click. */
export interface PendingPile {
  readonly chargePointId: string;
  readonly remoteAddress: string;
  readonly firstSeenAtMs: number;
  readonly lastSeenAtMs: number;
  readonly attempts: number;
}

/** All that an unauthenticated stranger can write: a capped list, the same for all csms processes. */
export abstract class PendingPiles {
  abstract note(chargePointId: string, remoteAddress: string, nowMs: number): void;
  /** Newest attempt first. */
  abstract list(): Promise<readonly PendingPile[]>;
  /** Called when the pile is registered. */
  abstract remove(chargePointId: string): Promise<void>;
}

/** The list of one process. */
export class MemoryPendingPiles extends PendingPiles {
  private readonly piles = new Map<string, PendingPile>();

  override note(chargePointId: string, remoteAddress: string, nowMs: number): void {
    const known = this.piles.get(chargePointId);
    this.piles.delete(chargePointId);
    const oldest = this.piles.size >= PENDING_PILES_MAX ? this.piles.keys().next() : undefined;
    if (oldest?.done === false) this.piles.delete(oldest.value);
    this.piles.set(chargePointId, {
      chargePointId,
      remoteAddress,
      firstSeenAtMs: known?.firstSeenAtMs ?? nowMs,
      lastSeenAtMs: nowMs,
      attempts: (known?.attempts ?? 0) + 1,
    });
  }

  override list(): Promise<readonly PendingPile[]> {
    return Promise.resolve([...this.piles.values()].toReversed());
  }

  override remove(chargePointId: string): Promise<void> {
    this.piles.delete(chargePointId);
    return Promise.resolve();
  }
}
