import type { CredentialsFile } from '@tallywatt/contracts';
import { z } from 'zod';
import { ApiClient, ApiError } from '../api-client.js';
import type { Clock } from '../clock.js';
import type { Rng } from '../rng.js';

/** A driver looks at the newest bills only; older ones stay unrated. */
const BILLS_LOOKED_AT = 20;
const RATING_INTERVAL_MS = 5000;
/** Figure 6: ratings of a good operator scatter around 4, of a poor one around 2, with a deviation of 0.6. */
const QUALITY: ReadonlyMap<string, number> = new Map([
  ['TELD', 4.2],
  ['STAR', 3.8],
  ['SG', 3.4],
  ['PTNE', 2.6],
]);
const QUALITY_DEFAULT = 3;
const DEVIATION = 0.6;

const bills = z.object({
  data: z.array(z.object({ id: z.string(), operatorId: z.string(), kind: z.string(), rating: z.number().nullable() })),
});

/** Drivers rate their newest bills. Needs driver tokens in the credentials file; returns how many there are. */
export function startRatings(credentials: CredentialsFile, clock: Clock, rng: Rng, signal: AbortSignal): number {
  const drivers = credentials.users.filter((user) => user.role === 'driver' && user.evId !== undefined);
  for (const driver of drivers) {
    const api = new ApiClient(credentials.api, driver.token, clock);
    void rateForever(api, driver.evId ?? '', clock, rng.fork(driver.evId ?? ''), signal);
  }
  return drivers.length;
}

async function rateForever(api: ApiClient, evId: string, clock: Clock, rng: Rng, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(RATING_INTERVAL_MS + rng.integer(0, RATING_INTERVAL_MS), signal);
    if (!signal.aborted) await rateOne(api, evId, rng).catch(() => undefined);
  }
}

/** Rates the newest bill that has no rating yet; a bill that was rated meanwhile is somebody else's success. */
export async function rateOne(api: ApiClient, evId: string, rng: Rng): Promise<void> {
  const page = bills.parse(await api.get(`/v1/bills?evId=${evId}&limit=${BILLS_LOOKED_AT}`));
  const bill = page.data.find(({ kind, rating }) => kind === 'bill' && rating === null);
  if (bill === undefined) return;
  try {
    await api.post('/v1/ratings', { billId: bill.id, rating: drawRating(bill.operatorId, rng) });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
}

/** 1 … 5, normally distributed around the operator's quality. */
export function drawRating(operatorId: string, rng: Rng): number {
  const normal = Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
  const rating = Math.round((QUALITY.get(operatorId) ?? QUALITY_DEFAULT) + DEVIATION * normal);
  return Math.min(5, Math.max(1, rating));
}
