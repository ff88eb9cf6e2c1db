import type { Clock } from '../clock.js';
import { forEachConcurrently } from '../concurrency.js';
import { OcppClient } from '../ocpp-client.js';
import { CallRefusedError } from '../pile-link.js';
import { Rng } from '../rng.js';
import type { Plan, PlannedPile } from './plan.js';
import { RecordedPile } from './recorded-pile.js';
import { playInOrder } from './schedule.js';

/** Sessions in play at once over all piles: bounds memory and the load on the central system. */
export const IN_FLIGHT_MAX = 256;
/** Connections opened at once. */
const CONNECTS_AT_ONCE = 16;

export interface PlayOptions {
  /** `ws://HOST:PORT/ocpp`. */
  readonly endpoint: string;
  readonly passwords: ReadonlyMap<string, string>;
  readonly seed: number;
  readonly clock: Clock;
  readonly inFlightMax?: number;
  readonly onPlayed: (done: number) => void;
}

/** Plays the plan over one real WebSocket per pile. Returns the transactionId per row number. */
export async function play(plan: Plan, options: PlayOptions): Promise<ReadonlyMap<number, number>> {
  const piles = new Map(plan.piles.map((pile) => [pile.pileId, makePile(pile, options)]));
  await forEachConcurrently([...piles.values()], CONNECTS_AT_ONCE, (pile) => pile.start());
  const played = new Map<number, number>();
  const items = plan.sessions.map((session) => ({
    session,
    keys: [
      `${session.pileId}/${session.row.connectorId}`,
      ...(session.row.userId === undefined ? [] : [session.row.userId]),
    ],
  }));
  await playInOrder(items, options.inFlightMax ?? IN_FLIGHT_MAX, async ({ session }) => {
    const pile = piles.get(session.pileId);
    if (pile === undefined) throw new Error(`no pile ${session.pileId}`);
    const { transactionId } = await pile.play(session);
    played.set(session.row.rowNumber, transactionId);
    options.onPlayed(played.size);
  });
  const open = [...piles.values()].filter((pile) => pile.leavesOpen);
  await forEachConcurrently(open, CONNECTS_AT_ONCE, (pile) => pile.boot());
  await forEachConcurrently([...piles.values()], CONNECTS_AT_ONCE, (pile) => pile.close());
  return played;
}

function makePile(pile: PlannedPile, options: PlayOptions): RecordedPile {
  const password = options.passwords.get(pile.pileId);
  if (password === undefined) throw new Error(`no password for ${pile.pileId}`);
  const link = new OcppClient({
    endpoint: options.endpoint,
    chargePointId: pile.pileId,
    password,
    strict: true,
    clock: options.clock,
    rng: new Rng(options.seed).fork(pile.pileId),
    // A recording cannot be commanded: its sessions are over.
    onCall: (action) => Promise.reject(new CallRefusedError(action, 'NotSupported', 'this pile plays a recording')),
  });
  return new RecordedPile(pile, link, options.clock);
}
