/** What two sessions must not do at once. */
export interface Ordered {
  /** Connector, and the user when there is one: keys of which one session at a time is played, in the given order. */
  readonly keys: readonly string[];
}

/**
 * Plays items in the order of the list per key: one starts when the previous of each of its keys is done. Different keys
 * never wait for each other. At most `inFlightMax` run at once. The first error ends the run and is thrown.
 */
export function playInOrder<T extends Ordered>(
  items: readonly T[],
  inFlightMax: number,
  play: (item: T) => Promise<void>,
): Promise<void> {
  const { waitingFor, followers } = dependencies(items);
  const ready = items.flatMap((_item, index) => (waitingFor[index] === 0 ? [index] : []));
  return new Promise((resolve, reject) => {
    let running = 0;
    let done = 0;
    let failed = false;
    const finished = (index: number): void => {
      running -= 1;
      done += 1;
      for (const follower of followers[index] ?? []) {
        const left = (waitingFor[follower] ?? 1) - 1;
        waitingFor[follower] = left;
        if (left === 0) ready.push(follower);
      }
      startReady();
    };
    const startReady = (): void => {
      if (done === items.length) resolve();
      const places = failed ? 0 : Math.min(ready.length, inFlightMax - running);
      for (const index of ready.splice(0, places)) start(index);
    };
    const start = (index: number): void => {
      const item = items[index];
      if (item === undefined) return;
      running += 1;
      play(item).then(
        () => finished(index),
        (error: unknown) => {
          failed = true;
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    };
    startReady();
  });
}

function dependencies(items: readonly Ordered[]): { waitingFor: number[]; followers: number[][] } {
  const newest = new Map<string, number>();
  const waitingFor = items.map(() => 0);
  const followers: number[][] = items.map(() => []);
  items.forEach((item, index) => {
    const previous = new Set(item.keys.flatMap((key) => newest.get(key) ?? []));
    for (const before of previous) followers[before]?.push(index);
    waitingFor[index] = previous.size;
    for (const key of item.keys) newest.set(key, index);
  });
  return { waitingFor, followers };
}
