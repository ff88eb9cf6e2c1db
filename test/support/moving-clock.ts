import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The product's processes look for the time this often, and a little more. */
const HEARD_OF_MS = 400;
/** More than any time that the product waits for: grace, hold, silence and orphans have 24 h at most. */
const DAY_MS = 25 * 3_600_000;

/** The wall clock of a product under test, and of those who talk to it: real time, plus what was skipped. */
export class MovingClock {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tallywatt-clock-'));
  private readonly file = join(this.folder, 'ahead-ms');
  private aheadMs = 0;

  /** Environment of the product's start command. */
  get env(): Readonly<Record<string, string>> {
    const preload = new URL('clock-preload.mjs', import.meta.url);
    preload.searchParams.set('file', this.file);
    return { NODE_OPTIONS: `--import ${preload.href}` };
  }

  nowMs(): number {
    return Date.now() + this.aheadMs;
  }

  async sleep(durationMs: number): Promise<void> {
    await delay(durationMs);
  }

  /** Resolves when every process of the product knows that more than a day has passed. */
  async passDay(): Promise<void> {
    this.aheadMs += DAY_MS;
    writeFileSync(this.file, String(this.aheadMs));
    await delay(HEARD_OF_MS);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Several stories share one clock: a day passes when each of them waits for it, or has ended. */
export class SharedDays {
  private waiting: (() => void)[] = [];

  constructor(
    private stories: number,
    private readonly passDay: () => Promise<void>,
  ) {}

  async next(): Promise<void> {
    const passed = new Promise<void>((resolve) => this.waiting.push(resolve));
    await this.turn();
    return passed;
  }

  async leave(): Promise<void> {
    this.stories -= 1;
    await this.turn();
  }

  private async turn(): Promise<void> {
    if (this.waiting.length === 0 || this.waiting.length < this.stories) return;
    const waiting = this.waiting;
    this.waiting = [];
    await this.passDay();
    for (const resume of waiting) resume();
  }
}
