import { Logger } from '@nestjs/common';

/** Rows of one statement. */
export const ROWS_PER_WRITE_MAX = 1_000;
/** Rows that wait, about 10 MB of frames; while the store is down the oldest are dropped and counted. */
export const ROWS_WAITING_MAX = 20_000;

/**
 * Writes rows that may be lost: in batches, some time later, without anybody waiting. For everything that is kept for
 * people to look at; what must not be lost goes through the group committer.
 */
export class BufferedWriter<R> {
  private rows: R[] = [];
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private dropped = 0;
  private readonly logger: Logger;

  constructor(
    name: string,
    private readonly intervalMs: number,
    private readonly write: (rows: readonly R[]) => Promise<void>,
  ) {
    this.logger = new Logger(name);
  }

  append(row: R): void {
    if (this.rows.length >= ROWS_WAITING_MAX) {
      this.rows.shift();
      this.dropped++;
    }
    this.rows.push(row);
    this.timer ??= setTimeout(() => void this.flush(), this.intervalMs).unref();
  }

  /** Writes what waits; never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running ??= this.writeAll();
    await this.running;
  }

  private async writeAll(): Promise<void> {
    await Promise.resolve();
    while (this.rows.length > 0) {
      const batch = this.rows.splice(0, ROWS_PER_WRITE_MAX);
      try {
        await this.write(batch);
      } catch (error) {
        this.dropped += batch.length;
        this.logger.warn({
          message: 'rows dropped',
          count: this.dropped,
          error: error instanceof Error ? error.message : String(error),
        });
        this.dropped = 0;
      }
    }
    this.running = undefined;
  }
}
