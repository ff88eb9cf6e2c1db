import type { AcknowledgedStop } from '../support/books-snapshot.js';
import { Charger } from './charger.js';
import { Prng } from '../support/prng.js';
import type { RegisteredPile } from './world.js';

const FIRST_START_MS = Date.UTC(2025, 0, 1);
/** Longest pause between two sessions of one pile: about 20 sessions per second and 8 piles. */
const PAUSE_MS = 300;

/** All chargers of a run at once, and what they were told. */
export class Load {
  readonly stops: AcknowledgedStop[] = [];
  private readonly chargers: readonly Charger[];
  private playing: Promise<unknown> = Promise.resolve();
  private readonly waiting = new Set<{ afterMs: number; resolve: () => void }>();

  constructor(piles: readonly RegisteredPile[], url: string, seed: number) {
    this.chargers = piles.map(
      (pile, index) =>
        new Charger(
          { ...pile, url, random: new Prng(seed * 1_000 + index), firstStartMs: FIRST_START_MS },
          { acknowledged: (sentAtMs) => this.acknowledged(sentAtMs), stopped: (stop) => this.stops.push(stop) },
        ),
    );
  }

  begin(): void {
    this.playing = Promise.all(this.chargers.map((charger) => charger.play(PAUSE_MS)));
  }

  /** Every charger ends its session and leaves. */
  async finish(): Promise<void> {
    for (const charger of this.chargers) charger.finish();
    await this.playing;
  }

  /** Resolves when a transaction message that left after this moment is acknowledged. */
  nextAcknowledgement(): Promise<void> {
    const afterMs = performance.now();
    return new Promise((resolve) => this.waiting.add({ afterMs, resolve }));
  }

  get resends(): number {
    return this.chargers.reduce((sum, charger) => sum + charger.resends, 0);
  }

  get callErrors(): number {
    return this.chargers.reduce((sum, charger) => sum + charger.callErrors, 0);
  }

  private acknowledged(sentAtMs: number): void {
    for (const one of this.waiting) {
      if (sentAtMs <= one.afterMs) continue;
      this.waiting.delete(one);
      one.resolve();
    }
  }
}
