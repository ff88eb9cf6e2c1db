import { type CredentialsFile, IDEMPOTENCY_KEY_HEADER, type OpenAccountBody, type RegisterChargePointBody, SUPERVISION } from '@tallywatt/contracts';
import { z } from 'zod';
import { ApiClient } from '../api-client.js';
import type { Clock } from '../clock.js';
import { forEachConcurrently } from '../concurrency.js';
import { tokenOf } from '../credentials.js';
import type { Mapping } from './mapping.js';
import { type Plan, type PlannedPile, type PlannedUser, stationIdOf } from './plan.js';

/** Requests at once; the ledger puts deposits that arrive together into one block. */
const REQUESTS_AT_ONCE = 32;
/** issue: accounts allow 16 open sessions, for rows that overlap or never end. */
const OPEN_SESSIONS_PER_ACCOUNT = 16;
/** A bill's lines are rounded one by one, up or down by half a fen each. */
const ROUNDING_MINOR_PER_SESSION = 128n;

const credential = z.object({ id: z.string(), password: z.string() });
const tariff = z.object({
  tariffId: z.string(),
  operatorId: z.string(),
  prices: z.array(z.object({ electricityPriceE4: z.coerce.bigint(), servicePriceE4: z.coerce.bigint() })),
});

export interface Registration {
  /** Password per pile id. */
  readonly passwords: ReadonlyMap<string, string>;
  /** Resources that did not exist before. */
  readonly created: { stations: number; chargePoints: number; accounts: number };
}

/** Makes the world that the file assumes; what exists already is left as it is, except passwords, which are new each time. */
export class Registrar {
  private readonly created = { stations: 0, chargePoints: 0, accounts: 0 };
  private readonly passwords = new Map<string, string>();

  constructor(
    private readonly credentials: CredentialsFile,
    private readonly mapping: Mapping,
    private readonly clock: Clock,
  ) {}

  /** @param fileId identifies the recording: a deposit is made once per user and file. */
  async register(plan: Plan, fileId: string): Promise<Registration> {
    const operators = [...new Set([...plan.piles, ...plan.users].map(({ operatorId }) => operatorId))];
    const dearestE4 = await this.dearestPrice(operators);
    for (const operatorId of operators) await this.registerStation(operatorId, plan.piles);
    await forEachConcurrently(plan.piles, REQUESTS_AT_ONCE, (pile) => this.registerPile(pile));
    await forEachConcurrently(plan.users, REQUESTS_AT_ONCE, (user) => this.registerUser(user, dearestE4, fileId));
    return { passwords: this.passwords, created: this.created };
  }

  private async dearestPrice(operatorIds: readonly string[]): Promise<bigint> {
    const api = this.api('supervisor', SUPERVISION);
    let dearestE4 = 0n;
    for await (const element of api.list('/v1/tariffs')) {
      const { operatorId, prices } = tariff.parse(element);
      if (!operatorIds.includes(operatorId)) continue;
      for (const { electricityPriceE4, servicePriceE4 } of prices) {
        const sumE4 = electricityPriceE4 + servicePriceE4;
        if (sumE4 > dearestE4) dearestE4 = sumE4;
      }
    }
    if (dearestE4 === 0n) throw new Error('no tariff is published: nothing could be billed');
    return dearestE4;
  }

  private async registerStation(operatorId: string, piles: readonly PlannedPile[]): Promise<void> {
    const { station, timeZone, connectorType } = this.mapping;
    const own = piles.filter((pile) => pile.operatorId === operatorId);
    if (own.length === 0) return;
    const body = {
      stationId: stationIdOf(operatorId),
      operatorId,
      name: `${station.name} (recorded, ${operatorId})`,
      peerNode: `replay-${operatorId.toLowerCase()}`,
      tariffId: `${operatorId}-TOU`,
      timeZone,
      latitudeE6: station.latitudeE6,
      longitudeE6: station.longitudeE6,
      piles: [{ type: connectorType, count: own.length }],
    };
    if ((await this.api('operator', operatorId).postUnlessExists('/v1/stations', body)) !== undefined) this.created.stations += 1;
  }

  private async registerPile({ pileId, operatorId, stationId, connectorIds, ratedPowerW }: PlannedPile): Promise<void> {
    const type = this.mapping.connectorType;
    const body: RegisterChargePointBody = {
      id: pileId,
      operatorId,
      stationId,
      connectors: connectorIds.map((connectorId) => ({ connectorId, ratedPowerW, type })),
      clock: 'recorded',
      simulated: true,
    };
    const api = this.api('operator', operatorId);
    let answer = await api.postUnlessExists('/v1/charge-points', body);
    if (answer === undefined) answer = await api.post(`/v1/charge-points/${pileId}/password`, {});
    else this.created.chargePoints += 1;
    this.passwords.set(pileId, credential.parse(answer).password);
  }

  private async registerUser(user: PlannedUser, dearestE4: bigint, fileId: string): Promise<void> {
    const { evId, operatorId, idTag } = user;
    const body: OpenAccountBody = { evId, operatorId, idTags: [{ idTag }], maxConcurrentSessions: OPEN_SESSIONS_PER_ACCOUNT };
    const opened = await this.api('operator', operatorId).postUnlessExists('/v1/accounts', body);
    if (opened !== undefined) this.created.accounts += 1;
    const amountMinor = depositMinor(user, dearestE4);
    const key = `replay-${fileId}-${evId}`;
    await this.api('finance', operatorId).post(`/v1/accounts/${evId}/deposits`, { amountMinor: String(amountMinor) }, { [IDEMPOTENCY_KEY_HEADER]: key });
  }

  private api(role: 'operator' | 'finance' | 'supervisor', organisation: string): ApiClient {
    return new ApiClient(this.credentials.api, tokenOf(this.credentials, role, organisation), this.clock);
  }
}

/** rules.md: fee in minor units = price (1e-4 per kWh) × Wh / 100 000; rounded up, and every line may round once more. */
export function depositMinor({ energyWh, sessions }: Pick<PlannedUser, 'energyWh' | 'sessions'>, dearestE4: bigint): bigint {
  return (dearestE4 * BigInt(energyWh)) / 100_000n + 1n + ROUNDING_MINOR_PER_SESSION * BigInt(sessions);
}
