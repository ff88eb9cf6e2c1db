import { describe, expect, it } from '@jest/globals';
import { cpuMsPerSession, ownCpuSeconds, parseCpuSeconds } from './process-cpu.js';

describe('parseCpuSeconds', () => {
  it('finds every process on the page', () => {
    const page = [
      '# TYPE process_cpu_seconds_total counter',
      'process_cpu_seconds_total 12.5',
      'process_cpu_seconds_total{service="settlement"} 4',
      'process_cpu_user_seconds_total 9',
      'worker_process_cpu_seconds_total 1e-1',
    ].join('\n');
    expect(Object.fromEntries(parseCpuSeconds(page))).toEqual({ csms: 12.5, settlement: 4, worker: 0.1 });
  });

  it('finds nothing on another page', () => expect(parseCpuSeconds('<html>').size).toBe(0));
});

describe('cpuMsPerSession', () => {
  it('divides what was spent, and leaves out a process that was not there before', () => {
    const before = new Map([['csms', 10]]);
    const after = new Map([
      ['csms', 12],
      ['late', 5],
    ]);
    expect(cpuMsPerSession(before, after, 1000)).toEqual({ csms: 2 });
  });

  it('knows this process', () => expect(ownCpuSeconds().get('simulator')).toBeGreaterThan(0));
});
