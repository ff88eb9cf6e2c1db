import { writeFileSync } from 'node:fs';
import { type CredentialsFile, SUPERVISION } from '@tallywatt/contracts';
import type { Clock } from '../clock.js';
import { operatorsOf, readCredentials } from '../credentials.js';
import { OcppClient } from '../ocpp-client.js';
import { CallRefusedError } from '../pile-link.js';
import type { Output } from '../progress.js';
import { Registry } from '../registry.js';
import { Rng } from '../rng.js';
import { type ObservedSession, observedSession, unmetExpectations } from './expectations.js';
import { ScenarioPile } from './scenario-pile.js';
import { type Scenario, type Step, readScenario } from './scenario.js';

/** How long the product may take to come to the expected end. */
const PATIENCE_MS = 30_000;
const POLL_INTERVAL_MS = 500;

export interface ScenarioOptions {
  readonly file: string;
  readonly credentials: string;
  readonly seed: number;
  readonly json?: string;
  readonly patienceMs?: number;
}

/** Plays a scenario and compares the end with what it expects. Exit code 0: everything is as expected. */
export async function runScenario(options: ScenarioOptions, output: Output, clock: Clock): Promise<number> {
  const scenario = readScenario(options.file);
  const world = new ScenarioWorld(scenario, readCredentials(options.credentials), options.seed, clock);
  output.write(`${scenario.name}: ${scenario.description}\n`);
  const startedMs = clock.nowMs();
  const unmet: string[] = [];
  try {
    await world.register();
    for (const step of scenario.steps) unmet.push(...(await world.perform(step)));
    unmet.push(...(await world.waitForTheEnd(options.patienceMs ?? PATIENCE_MS)));
  } finally {
    await world.close();
  }
  for (const line of unmet) output.write(`  ${line}\n`);
  output.write(unmet.length === 0 ? '  as expected\n' : `  ${unmet.length} expectations unmet\n`);
  const figures = {
    scenario: scenario.name,
    seed: options.seed,
    steps: scenario.steps.length,
    unmet,
    seconds: (clock.nowMs() - startedMs) / 1000,
  };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  return unmet.length === 0 ? 0 : 1;
}

/** Piles, drivers and names of one run: the seed is part of every id, so that runs do not meet. */
class ScenarioWorld {
  private readonly registry: Registry;
  private readonly piles = new Map<string, ScenarioPile>();
  private readonly operators: readonly string[];

  constructor(
    private readonly scenario: Scenario,
    private readonly credentials: CredentialsFile,
    private readonly seed: number,
    private readonly clock: Clock,
  ) {
    this.registry = new Registry(credentials, clock);
    this.operators = operatorsOf(credentials);
  }

  async register(): Promise<void> {
    const { piles, drivers, name } = this.scenario;
    for (const [index, pile] of piles.entries())
      await this.registerPile(pile.pile, pile.connectors, this.operator(index));
    for (const [index, { tag, depositMinor, maxConcurrentSessions }] of drivers.entries()) {
      // Drivers belong to the next operator: charging abroad is the normal case.
      const account = { evId: `SCN-${name}-${this.seed}-${tag}`, operatorId: this.operator(index + 1) };
      await this.registry.ensureAccount({ ...account, idTags: [{ idTag: this.idTag(tag) }], maxConcurrentSessions });
      await this.registry.deposit(account, BigInt(depositMinor), `scenario-${account.evId}`);
    }
  }

  /** Returns what the step found to be other than it expects. */
  async perform(step: Step): Promise<string[]> {
    const pile = this.pile(step.pile);
    switch (step.do) {
      case 'boot':
        await pile.boot();
        return [];
      case 'authorize': {
        const is = await pile.authorize(this.idTag(step.tag));
        return is === step.expect ? [] : [`Authorize of ${step.tag} is ${is} instead of ${step.expect}`];
      }
      case 'start': {
        await pile.start(step, this.idTag(step.tag));
        const is = pile.session(step.session).authorization;
        return is === undefined || is === step.expect
          ? []
          : [`Start of ${step.session} is ${is} instead of ${step.expect}`];
      }
      case 'meterValues':
        await pile.meterValues(step);
        return [];
      case 'stop':
        await pile.stop(step, (name) => this.transactionIds().get(name) ?? -1);
        return [];
      case 'fault':
        pile.faults.arm(step.action, step.fault);
        return [];
      case 'offline':
        await pile.goOffline();
        return [];
      case 'online':
        await pile.goOnline();
        return [];
      case 'reconnect':
        await pile.reconnect();
        return [];
      case 'reboot':
        await pile.reboot();
        return [];
    }
  }

  async waitForTheEnd(patienceMs: number): Promise<string[]> {
    const untilMs = this.clock.nowMs() + patienceMs;
    for (;;) {
      const unmet = unmetExpectations(this.scenario, this.transactionIds(), await this.observe());
      if (unmet.length === 0 || this.clock.nowMs() > untilMs) return unmet;
      await this.clock.sleep(POLL_INTERVAL_MS);
    }
  }

  async close(): Promise<void> {
    for (const pile of this.piles.values()) await pile.close();
  }

  private async observe(): Promise<ObservedSession[]> {
    const api = this.registry.api('supervisor', SUPERVISION);
    const observed: ObservedSession[] = [];
    for (const { pile } of this.scenario.piles) {
      for await (const element of api.list(`/v1/sessions?chargePointId=${this.pileId(pile)}`))
        observed.push(observedSession.parse(element));
    }
    return observed;
  }

  private async registerPile(
    name: string,
    connectors: Scenario['piles'][number]['connectors'],
    operatorId: string,
  ): Promise<void> {
    const stationId = `SCENARIO-${operatorId}`;
    const place = { latitudeE6: 39_120_000, longitudeE6: 117_200_000, timeZone: 'Asia/Shanghai' };
    const kinds = [{ type: 'DC', count: 20 }];
    await this.registry.ensureStation({
      stationId,
      operatorId,
      name: stationId,
      peerNode: 'scenario',
      tariffId: `${operatorId}-TOU`,
      ...place,
      piles: kinds,
    });
    const body = {
      id: this.pileId(name),
      operatorId,
      stationId,
      clock: 'recorded',
      simulated: true,
      connectors: connectors.map((each) => ({ ...each, type: 'DC' })),
    } as const;
    const { password } = await this.registry.ensurePile(body);
    const link = new OcppClient({
      endpoint: this.credentials.ocpp,
      chargePointId: body.id,
      password,
      strict: this.scenario.strict,
      clock: this.clock,
      rng: new Rng(this.seed).fork(name),
      onCall: (action) => Promise.reject(new CallRefusedError(action, 'NotSupported', 'a scenario takes no commands')),
    });
    this.piles.set(name, new ScenarioPile(link, this.clock));
  }

  /** Names of sessions and the ids that their Starts were answered with. */
  private transactionIds(): ReadonlyMap<string, number> {
    return new Map(
      [...this.piles.values()].flatMap((pile) =>
        [...pile.sessions].map(([name, { transactionId }]) => [name, transactionId] as const),
      ),
    );
  }

  private pile(name: string): ScenarioPile {
    const pile = this.piles.get(name);
    if (pile === undefined) throw new Error(`the scenario has no pile ${name}`);
    return pile;
  }

  private pileId(name: string): string {
    return `SCN-${this.scenario.name}-${this.seed}-${name}`.slice(0, 48);
  }

  private idTag(tag: string): string {
    return `S${this.seed % 1_000_000}-${this.scenario.name.slice(0, 6)}-${tag}`.slice(0, 20);
  }

  private operator(index: number): string {
    return this.operators[index % this.operators.length] ?? '';
  }
}
