/** Randomness for back-off jitter, injected so that a run can be repeated. Not for secrets. */
export abstract class Randomness {
  /** Evenly spread over [0, 1). */
  abstract fraction(): number;
}

export class SystemRandomness extends Randomness {
  override fraction(): number {
    return Math.random();
  }
}
