import type { Clock } from './clock.js';
import type { ConnectionEvents } from './connection-log.js';
import { CONTESTED_MS, SWAPS_MAX, SWAP_WINDOW_MS } from './limits.js';
import { PileCaller, type CallOutcome } from './pile-caller.js';
import type { PileConnection } from './pile-connection.js';

/** What a new socket of a pile inherits. */
export interface Inheritance {
  readonly epoch: number;
  readonly hasBooted: boolean;
  /** The former socket's calls come first: calls of one pile run one at a time, over all its sockets. */
  readonly predecessor: Promise<void> | undefined;
}

interface PileSlot {
  connection: PileConnection | undefined;
  former: Promise<void> | undefined;
  epoch: number;
  hasBooted: boolean;
  swapTimesMs: number[];
  contestedUntilMs: number;
}

/** Pile → its one socket. The newest authenticated socket wins; a slot per registered pile is kept, a few dozen bytes. */
export class ConnectionRegistry extends PileCaller {
  private readonly slots = new Map<string, PileSlot>();
  private connectedCount = 0;

  constructor(
    private readonly events: ConnectionEvents,
    private readonly clock: Clock,
  ) {
    super();
    events.subscribe((event) => {
      if (event.kind === 'booted') this.slotOf(event.chargePointId).hasBooted = true;
    });
  }

  /** Puts an authenticated newcomer in its pile's place, and closes the one that was there. */
  admit(
    chargePointId: string,
    remoteAddress: string,
    create: (inheritance: Inheritance) => PileConnection,
  ): PileConnection {
    const slot = this.slotOf(chargePointId);
    const older = slot.connection;
    // Grows over restarts of the process too, without a table.
    slot.epoch = Math.max(slot.epoch + 1, this.clock.now());
    const predecessor = older?.drained ?? slot.former;
    slot.connection = create({ epoch: slot.epoch, hasBooted: slot.hasBooted, predecessor });
    if (older === undefined) this.connectedCount++;
    else this.swap(chargePointId, slot, older, remoteAddress);
    return slot.connection;
  }

  /** From the close handler of a connection: removes its own entry and nobody else's. */
  remove(connection: PileConnection): void {
    const slot = this.slots.get(connection.chargePointId);
    if (slot?.connection !== connection) return;
    slot.connection = undefined;
    slot.former = connection.drained;
    this.connectedCount--;
  }

  override call(
    chargePointId: string,
    action: string,
    payload: object,
    timeoutMs: number,
    onSent?: () => void,
  ): Promise<CallOutcome> {
    const slot = this.slots.get(chargePointId);
    // Nobody knows which of two devices would obey.
    const isContested = slot !== undefined && slot.contestedUntilMs > this.clock.monotonic();
    if (slot?.connection === undefined || isContested) return Promise.resolve({ type: 'not-connected' });
    return slot.connection.call(action, payload, timeoutMs, onSent);
  }

  isConnected(chargePointId: string): boolean {
    return this.slots.get(chargePointId)?.connection !== undefined;
  }

  override connectedAmong(chargePointIds: readonly string[]): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set(chargePointIds.filter((id) => this.isConnected(id))));
  }

  /** The pile has an authenticated socket of this epoch in another process: an older one here ends. */
  displace(chargePointId: string, epoch: number): void {
    const slot = this.slots.get(chargePointId);
    if (slot !== undefined && slot.epoch < epoch) slot.connection?.displace();
  }

  get size(): number {
    return this.connectedCount;
  }

  sweep(nowMs: number): void {
    for (const slot of this.slots.values()) slot.connection?.sweep(nowMs);
  }

  /** Resolves when no pile is connected. */
  async emptied(): Promise<void> {
    while (this.connectedCount > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  *connections(): Iterable<PileConnection> {
    for (const slot of this.slots.values()) if (slot.connection !== undefined) yield slot.connection;
  }

  private swap(chargePointId: string, slot: PileSlot, older: PileConnection, remoteAddress: string): void {
    const at = this.clock.now();
    const nowMs = this.clock.monotonic();
    this.events.publish({ at, chargePointId, kind: 'swapped', epoch: slot.epoch, remoteAddress });
    older.displace();
    slot.swapTimesMs = [...slot.swapTimesMs.filter((timeMs) => timeMs > nowMs - SWAP_WINDOW_MS), nowMs];
    if (slot.swapTimesMs.length < SWAPS_MAX) return;
    slot.contestedUntilMs = nowMs + CONTESTED_MS;
    this.events.publish({ at, chargePointId, kind: 'contested', swaps: slot.swapTimesMs.length });
    slot.swapTimesMs = [];
  }

  private slotOf(chargePointId: string): PileSlot {
    let slot = this.slots.get(chargePointId);
    if (slot === undefined) {
      slot = {
        connection: undefined,
        former: undefined,
        epoch: 0,
        hasBooted: false,
        swapTimesMs: [],
        contestedUntilMs: -Infinity,
      };
      this.slots.set(chargePointId, slot);
    }
    return slot;
  }
}
