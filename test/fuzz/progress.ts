const LINE_EVERY_MS = 10_000;
const BAR_EVERY_MS = 250;
const BAR_WIDTH = 30;

/** A bar with rate and time left on a terminal; a line now and then elsewhere. */
export class Progress {
  done = 0;
  private shownAtMs: number;
  private readonly startedAtMs: number;

  constructor(
    private readonly total: number,
    private readonly out: { readonly isTTY?: boolean; write(text: string): unknown },
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.startedAtMs = this.shownAtMs = nowMs();
  }

  tick(): void {
    this.done += 1;
    // The clock is asked rarely: a frame costs less than a look at it.
    if (this.done % 64 !== 0) return;
    const nowMs = this.nowMs();
    if (nowMs - this.shownAtMs < (this.out.isTTY === true ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    this.shownAtMs = nowMs;
    this.out.write(this.out.isTTY === true ? `\r${this.line()}\x1b[K` : `${this.line()}\n`);
  }

  end(): void {
    if (this.out.isTTY === true) this.out.write(`\r${this.line()}\x1b[K\n`);
  }

  /** Frames of the honest rounds come on top: never more than all. */
  line(): string {
    const share = Math.min(1, this.done / this.total);
    const perS = (this.done * 1_000) / Math.max(1, this.nowMs() - this.startedAtMs);
    const leftS = Math.ceil(Math.max(0, this.total - this.done) / Math.max(perS, 1e-9));
    const full = Math.round(share * BAR_WIDTH);
    const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
    return `${bar} ${Math.floor(share * 100)} % · ${Math.round(perS)} frames/s · ${time(leftS)} left`;
  }
}

function time(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
