import type { Plan, PlannedSession } from '../replay/plan.js';
import type { Rng } from '../rng.js';
import type { DemoDriver, DemoPile } from './world.js';

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
/** product.md: the last seven days. */
export const BACKLOG_DAYS = 7;
const REGISTER_START_WH = 250_000;
/** A driver plugs in for this long, and the outlet is free for this long in between. */
const SESSION_MINUTES = { low: 8, high: 55 };
/** What a car takes in one go. */
const BATTERY_WH = { low: 8_000, high: 55_000 };
const PAUSE_MINUTES = { low: 90, high: 600 };
const RECORDED_MODEL = 'Recorded DC';

/** Sessions of the last seven days before `nowMs`, in time order: so that no page is empty at the first start. */
export function backlogPlan(piles: readonly DemoPile[], drivers: readonly DemoDriver[], nowMs: number, rng: Rng): Plan {
  const payers = drivers.filter((driver) => !driver.short);
  const sessions = piles.flatMap((pile) =>
    pile.connectorIds.flatMap((connectorId) => connectorSessions(pile, connectorId, payers, nowMs, rng)),
  );
  return {
    piles: piles.map((pile) => ({ ...pile, model: RECORDED_MODEL })),
    users: [],
    sessions: sessions
      .sort((a, b) => a.startMs - b.startMs)
      .map((session, index) => ({
        ...session,
        row: { ...session.row, rowNumber: index + 1, sessionId: String(index + 1) },
      })),
  };
}

function connectorSessions(
  pile: DemoPile,
  connectorId: number,
  drivers: readonly DemoDriver[],
  nowMs: number,
  rng: Rng,
): PlannedSession[] {
  const sessions: PlannedSession[] = [];
  let meterStartWh = REGISTER_START_WH;
  let startMs = nowMs - BACKLOG_DAYS * 24 * MS_PER_HOUR + rng.integer(0, PAUSE_MINUTES.high) * MS_PER_MINUTE;
  for (;;) {
    const endMs = startMs + rng.integer(SESSION_MINUTES.low, SESSION_MINUTES.high) * MS_PER_MINUTE;
    if (endMs >= nowMs) return sessions;
    const deliverableWh = Math.floor((pile.ratedPowerW * (endMs - startMs)) / MS_PER_HOUR);
    const energyWh = Math.min(deliverableWh, rng.integer(BATTERY_WH.low, BATTERY_WH.high));
    sessions.push(planned(pile, connectorId, rng.pick(drivers), { startMs, endMs, meterStartWh, energyWh }));
    meterStartWh += energyWh;
    startMs = endMs + rng.integer(PAUSE_MINUTES.low, PAUSE_MINUTES.high) * MS_PER_MINUTE;
  }
}

function planned(
  pile: DemoPile,
  connectorId: number,
  driver: DemoDriver,
  {
    startMs,
    endMs,
    meterStartWh,
    energyWh,
  }: { startMs: number; endMs: number; meterStartWh: number; energyWh: number },
): PlannedSession {
  const { pileId, ratedPowerW } = pile;
  return {
    row: {
      rowNumber: 0,
      sessionId: '',
      userId: driver.evId,
      chargePointId: pileId,
      connectorId,
      model: RECORDED_MODEL,
      ratedPowerW,
      startMs,
      stop: { endMs, energyWh },
    },
    pileId,
    idTag: driver.idTag,
    startMs,
    meterStartWh,
    stop: { endMs, meterStopWh: meterStartWh + energyWh },
  };
}
