import type { Rng } from './rng.js';

const MS_PER_HOUR = 3_600_000;

/** The energy register of one connector: Wh, counting upwards over the life of the pile. */
export class Meter {
  private wholeWh: number;
  private remainderWh = 0;

  constructor(
    initialWh: number,
    readonly ratedPowerW: number,
  ) {
    this.wholeWh = initialWh;
  }

  get registerWh(): number {
    return this.wholeWh;
  }

  /** Adds what flows at `powerW` (never above the rating) in `durationMs`; parts of a Wh are carried, not lost. */
  advance(powerW: number, durationMs: number): void {
    const delivered = (Math.min(powerW, this.ratedPowerW) * durationMs) / MS_PER_HOUR + this.remainderWh;
    const wholeWh = Math.floor(delivered);
    this.wholeWh += wholeWh;
    this.remainderWh = delivered - wholeWh;
  }

  /** The fault "meter rollback": a replaced or reset meter. */
  rollBack(energyWh: number): void {
    this.wholeWh -= energyWh;
  }
}

/** A DC session's power: near the rating until 80 % of its time, then tapering, with some noise. */
export function powerAt(ratedPowerW: number, progress: number, rng: Rng): number {
  const taper = progress < 0.8 ? 1 : Math.max(0.2, 1 - (progress - 0.8) * 3);
  return Math.round(ratedPowerW * taper * (0.9 + 0.1 * rng.next()));
}
