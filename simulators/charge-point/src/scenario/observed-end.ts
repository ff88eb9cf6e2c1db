import { z } from 'zod';
import { ApiError, type ApiClient } from '../api-client.js';
import type { Scenario } from './scenario.js';

const bill = z.object({
  energyWh: z.number(),
  lines: z.array(z.object({ priceId: z.string(), energyWh: z.number() })),
});
/** What a scenario looks at in a `SessionView`. */
const sessionView = z.object({
  id: z.string(),
  transactionId: z.int(),
  status: z.string(),
  authorization: z.string(),
  closeKind: z.string().nullable(),
  stopReason: z.string().nullable(),
  holdReason: z.string().nullable(),
  energyWh: z.number().nullable(),
  settlement: z.object({ state: z.string(), code: z.string().nullable() }).nullable(),
});
export interface ObservedSession extends z.output<typeof sessionView> {
  readonly bill?: z.output<typeof bill> | undefined;
  /** Undefined until reconciliation was asked. */
  readonly breaks?: readonly string[] | undefined;
}
const account = z.object({
  status: z.string(),
  creditSum: z.number(),
  creditCount: z.number(),
  arrears: z.number(),
  balance: z.object({ minor: z.string() }),
});
export type ObservedDriver = z.output<typeof account>;
const flagged = z.object({ flags: z.record(z.string(), z.number()) });
const logEntry = z.object({ id: z.string(), text: z.string() });
/** Before the first event. */
const LOG_BEGIN = 'c0-s0';
const run = z.object({ id: z.string(), state: z.string() });
const foundBreak = z.object({ settlementId: z.string(), type: z.string() });

export interface ObservedEnd {
  readonly sessions: readonly ObservedSession[];
  readonly drivers: ReadonlyMap<string, ObservedDriver>;
  readonly flags: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly log: ReadonlyMap<string, readonly string[]>;
}

/** Ids that the scenario's names have in this run. */
export interface Names {
  readonly pileId: (pile: string) => string;
  readonly evId: (tag: string) => string;
}

/** Reads over the API, with the eyes of the supervision, what the scenario expects something of. */
export class Observer {
  private logSince = LOG_BEGIN;

  constructor(
    private readonly api: ApiClient,
    private readonly scenario: Scenario,
    private readonly names: Names,
  ) {}

  /** The log counts from here on. */
  async begin(): Promise<void> {
    if (this.scenario.expect.log.length === 0) return;
    const [newest] = await this.api.events('/v1/events?tail=1');
    if (newest !== undefined) this.logSince = logEntry.parse(newest).id;
  }

  async observe(): Promise<ObservedEnd> {
    const { expect } = this.scenario;
    const seen = await this.sessions();
    const sessions = expect.sessions.some(({ breaks }) => breaks !== undefined) ? await this.withBreaks(seen) : seen;
    const drivers = new Map<string, ObservedDriver>();
    for (const { tag } of expect.drivers)
      drivers.set(tag, account.parse(await this.api.get(`/v1/accounts/${this.names.evId(tag)}`)));
    const flags = new Map<string, Record<string, number>>();
    for (const pile of Object.keys(expect.flags))
      flags.set(pile, flagged.parse(await this.api.get(`/v1/charge-points/${this.names.pileId(pile)}`)).flags);
    const log = new Map<string, string[]>();
    for (const pile of new Set(expect.log.map((line) => line.pile))) log.set(pile, await this.logOf(pile));
    return { sessions, drivers, flags, log };
  }

  /** One reconciliation of everything: the same sessions with the breaks that it finds of them. */
  private async withBreaks(sessions: readonly ObservedSession[]): Promise<ObservedSession[]> {
    const period = { from: '2018-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
    const { id } = run.parse(await this.api.post('/v1/reconciliations', period));
    while (run.parse(await this.api.get(`/v1/reconciliations/${id}`)).state !== 'done') await this.api.breathe();
    const types = new Map<string, string[]>();
    for await (const element of this.api.list(`/v1/reconciliations/${id}/breaks`)) {
      const { settlementId, type } = foundBreak.parse(element);
      types.set(settlementId, [...(types.get(settlementId) ?? []), type]);
    }
    return sessions.map((each) => ({ ...each, breaks: types.get(each.id) ?? [] }));
  }

  async sessions(): Promise<ObservedSession[]> {
    const looksAtBills = this.scenario.expect.sessions.some(
      ({ billedWh, lines }) => billedWh !== undefined || lines !== undefined,
    );
    const sessions: ObservedSession[] = [];
    for (const { pile } of this.scenario.piles) {
      for await (const element of this.api.list(`/v1/sessions?chargePointId=${this.names.pileId(pile)}`)) {
        const session = sessionView.parse(element);
        sessions.push(looksAtBills ? { ...session, bill: await this.billOf(session.id) } : session);
      }
    }
    return sessions;
  }

  private async billOf(sessionId: string): Promise<z.output<typeof bill> | undefined> {
    try {
      return bill.parse(await this.api.get(`/v1/bills/${sessionId}`));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  private async logOf(pile: string): Promise<string[]> {
    const entries = await this.api.events(`/v1/events?chargePointId=${this.names.pileId(pile)}`, this.logSince);
    return entries.map((entry) => logEntry.parse(entry).text);
  }
}
