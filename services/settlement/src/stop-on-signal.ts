/** Longer than the engine needs for a block under way; then the next life does the rest. */
export const STOP_MS_MAX = 8_000;

/** The part of `process` that stopping needs. */
export interface StoppableProcess {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

/** Ends in order on SIGTERM and Ctrl-C: 0 when everything was closed, 1 when that failed or took too long. */
export function stopOnSignal(app: { close(): Promise<void> }, process: StoppableProcess, withinMs = STOP_MS_MAX): void {
  let stopping = false;
  const stop = (): void => {
    // Ctrl-C under npm reaches a process twice.
    if (stopping) return;
    stopping = true;
    const late = setTimeout(() => process.exit(1), withinMs);
    app
      .close()
      .then(
        () => process.exit(0),
        () => process.exit(1),
      )
      .finally(() => clearTimeout(late));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
