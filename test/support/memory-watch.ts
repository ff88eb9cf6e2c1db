import { processText } from './product-processes.js';

const SAMPLE_MS = 500;
const BYTES_PER_KB = 1024;

/** Resident memory of a process in bytes; undefined when it is gone. */
export function residentBytes(pid: number): number | undefined {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(processText(pid, 'status'))?.[1];
  return kb === undefined ? undefined : Number(kb) * BYTES_PER_KB;
}

/** How far the last third of a run stands above its middle third: start-up and first use do not count, a leak does. */
export function growthBytes(samples: readonly number[]): number {
  const third = Math.floor(samples.length / 3);
  if (third === 0) throw new Error(`${samples.length} samples show no growth`);
  return Math.max(...samples.slice(-third)) - Math.max(...samples.slice(third, -third));
}

/** Samples a process's resident memory until `end`. */
export class MemoryWatch {
  private readonly samples: number[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => this.sample(), SAMPLE_MS);
  }

  end(): { growthBytes: number; peakBytes: number } {
    clearInterval(this.timer);
    return { growthBytes: growthBytes(this.samples), peakBytes: Math.max(...this.samples) };
  }

  private sample(): void {
    const bytes = residentBytes(this.pid);
    if (bytes !== undefined) this.samples.push(bytes);
  }
}
