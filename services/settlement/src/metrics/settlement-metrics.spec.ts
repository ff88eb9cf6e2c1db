import { describe, expect, it } from '@jest/globals';
import { SettlementMetrics } from './settlement-metrics.js';

describe('SettlementMetrics', () => {
  it('tells the CPU time of its own process, told apart from csms by a label', async () => {
    const page = await new SettlementMetrics().text();
    const seconds = /^process_cpu_seconds_total\{service="settlement"\} ([\d.]+)$/m.exec(page)?.[1];
    const { user, system } = process.cpuUsage();
    expect(Number(seconds)).toBeGreaterThan(0);
    expect(Number(seconds)).toBeLessThanOrEqual((user + system) / 1e6);
  });
});
