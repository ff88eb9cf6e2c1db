import { describe, expect, it } from '@jest/globals';
import { Rng } from '../rng.js';
import { BACKLOG_DAYS, backlogPlan } from './backlog.js';
import { demoWorld } from './world.js';

const NOW_MS = Date.UTC(2026, 5, 1);
const world = demoWorld(new Rng(1));
const plan = backlogPlan(world.recordedPiles, world.drivers, NOW_MS, new Rng(1));

describe('backlogPlan', () => {
  it('fills the last seven days of every recorded pile', () => {
    expect(new Set(plan.sessions.map((session) => session.pileId)).size).toBe(world.recordedPiles.length);
    const days = new Set(plan.sessions.map((session) => new Date(session.startMs).getUTCDate()));
    expect(days.size).toBeGreaterThanOrEqual(BACKLOG_DAYS);
    expect(
      plan.sessions.every(
        (session) => session.startMs >= NOW_MS - BACKLOG_DAYS * 86_400_000 && (session.stop?.endMs ?? NOW_MS) < NOW_MS,
      ),
    ).toBe(true);
  });

  it('never overlaps on a connector, counts the register on, and stays within the rating', () => {
    const newest = new Map<string, { endMs: number; meterWh: number }>();
    for (const { pileId, row, startMs, meterStartWh, stop } of plan.sessions) {
      const key = `${pileId}/${row.connectorId}`;
      const before = newest.get(key) ?? { endMs: 0, meterWh: meterStartWh };
      expect(startMs).toBeGreaterThan(before.endMs);
      expect(meterStartWh).toBe(before.meterWh);
      const [endMs, meterWh] = [stop?.endMs ?? 0, stop?.meterStopWh ?? 0];
      expect(meterWh - meterStartWh).toBeLessThanOrEqual((row.ratedPowerW * (endMs - startMs)) / 3_600_000);
      newest.set(key, { endMs, meterWh });
    }
  });

  it('numbers its sessions in time order', () => {
    expect(plan.sessions.map((session) => session.row.rowNumber)).toEqual(
      plan.sessions.map((_session, index) => index + 1),
    );
  });
});
