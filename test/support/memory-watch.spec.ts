import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { growthBytes, MemoryWatch, residentBytes } from './memory-watch.js';

describe('memory of a run', () => {
  it('is flat when only its beginning grew', () => {
    expect(growthBytes([1, 50, 100, 101, 99, 100, 100, 98, 101])).toBe(0);
  });

  it('grows when its end stands above its middle', () => {
    expect(growthBytes([10, 20, 30, 40, 50, 60, 70, 80, 90])).toBe(30);
  });

  it('cannot be told from two samples', () => expect(() => growthBytes([1, 2])).toThrow('2 samples'));

  it('is read of a living process only', () => {
    expect(residentBytes(process.pid)).toBeGreaterThan(10_000_000);
    expect(residentBytes(0)).toBeUndefined();
  });

  it('shows a process that hoards', async () => {
    const hoard = `const kept = []; console.log('up'); setInterval(() => kept.push(Buffer.alloc(4e6, 1)), 100);`;
    const child = spawn(process.execPath, ['-e', hoard], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(child.stdout, 'data');
      const watch = new MemoryWatch(child.pid ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      expect(watch.end().growthBytes).toBeGreaterThan(20_000_000);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
