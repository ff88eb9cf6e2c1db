import { Presets, SingleBar } from 'cli-progress';
import type { Clock } from './clock.js';

/** Plain output says something this often. */
const LINE_INTERVAL_MS = 5000;

/** Where a command's words go. */
export interface Output {
  readonly isTTY: boolean;
  write(text: string): void;
}

export interface Progress {
  update(done: number): void;
  end(): void;
}

/** A bar with rate and time left on a terminal; a line every few seconds anywhere else. */
export function startProgress(label: string, total: number, output: Output, clock: Clock): Progress {
  return output.isTTY ? barProgress(label, total) : lineProgress(label, total, output, clock);
}

function barProgress(label: string, total: number): Progress {
  const format = `  ${label} {bar} {percentage} % | {value}/{total} | {rate}/s | {eta_formatted} left`;
  const bar = new SingleBar({ format, hideCursor: true, etaBuffer: 500 }, Presets.shades_classic);
  const startedMs = performance.now();
  bar.start(total, 0, { rate: 0 });
  const rateAt = (done: number): number => Math.round((done * 1000) / Math.max(1, performance.now() - startedMs));
  return { update: (done) => bar.update(done, { rate: rateAt(done) }), end: () => bar.stop() };
}

function lineProgress(label: string, total: number, output: Output, clock: Clock): Progress {
  const startedMs = clock.nowMs();
  let saidMs = startedMs;
  let newest = 0;
  const say = (nowMs: number): void => {
    const seconds = Math.max(0.001, (nowMs - startedMs) / 1000);
    const perSecond = newest / seconds;
    const left = perSecond > 0 ? `${Math.round((total - newest) / perSecond)} s left` : 'no rate yet';
    output.write(`  ${label}: ${newest} of ${total}, ${perSecond.toFixed(1)}/s, ${left}\n`);
    saidMs = nowMs;
  };
  return {
    update: (done) => {
      newest = done;
      const nowMs = clock.nowMs();
      if (nowMs - saidMs >= LINE_INTERVAL_MS) say(nowMs);
    },
    end: () => say(clock.nowMs()),
  };
}
