import { Injectable } from '@nestjs/common';
import type { Flag } from './flag.js';

/** Flags per station, counted and shown (ocpp.md "Validation"). */
export abstract class FlagCounter {
  abstract count(chargePointId: string, flags: readonly Flag[]): void;
  abstract countsOf(chargePointId: string): Readonly<Record<string, number>>;
}

/** Counts since the process started: bounded by registered piles (only authenticated ones send frames) × flags. */
@Injectable()
export class MemoryFlagCounter extends FlagCounter {
  private readonly counts = new Map<string, Map<Flag, number>>();

  override count(chargePointId: string, flags: readonly Flag[]): void {
    const ofPile = this.counts.get(chargePointId) ?? new Map<Flag, number>();
    this.counts.set(chargePointId, ofPile);
    for (const flag of flags) ofPile.set(flag, (ofPile.get(flag) ?? 0) + 1);
  }

  override countsOf(chargePointId: string): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts.get(chargePointId) ?? []);
  }
}
