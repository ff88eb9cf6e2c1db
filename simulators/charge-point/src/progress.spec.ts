import { describe, expect, it } from '@jest/globals';
import { startProgress } from './progress.js';

describe('startProgress without a terminal', () => {
  it('says rate and time left every five seconds, and once at the end', () => {
    let nowMs = 0;
    const lines: string[] = [];
    const output = { isTTY: false, write: (text: string) => void lines.push(text) };
    const progress = startProgress('rows', 1000, output, { nowMs: () => nowMs, sleep: () => Promise.resolve() });
    nowMs = 4999;
    progress.update(400);
    nowMs = 5000;
    progress.update(500);
    nowMs = 6000;
    progress.update(600);
    nowMs = 10_000;
    progress.update(1000);
    progress.end();
    expect(lines).toEqual([
      '  rows: 500 of 1000, 100.0/s, 5 s left\n',
      '  rows: 1000 of 1000, 100.0/s, 0 s left\n',
      '  rows: 1000 of 1000, 100.0/s, 0 s left\n',
    ]);
  });
});
