import { type CredentialsFile, SUPERVISION } from '@tallywatt/contracts';
import { ApiError } from '../api-client.js';
import type { Clock } from '../clock.js';
import { operatorsOf } from '../credentials.js';
import { OcppClient } from '../ocpp-client.js';
import { CallRefusedError, type PileLink } from '../pile-link.js';
import { Registry } from '../registry.js';
import { Rng } from '../rng.js';
import { momentText } from './moment.js';
import { Observer } from './observed-end.js';
import type { Scenario, ScenarioPrice } from './scenario.js';
import { ScenarioPile } from './scenario-pile.js';

/** What only a test harness can do to a running product. */
export interface Harness {
  /** More than a day passes for the central system; `nowMs` of the clock given with it goes along. */
  passDay(): Promise<void>;
  /** A card whose account the ledger does not have. */
  linkWithoutAccount(idTag: string, evId: string, operatorId: string): Promise<void>;
}

type Driver = Scenario['drivers'][number];

/** Piles, drivers and names of one run: the seed is part of every id, so that runs do not meet. */
export class ScenarioWorld {
  readonly registry: Registry;
  readonly observer: Observer;
  private readonly piles = new Map<string, ScenarioPile>();
  private readonly operators: readonly string[];
  private readonly startedAtMs: number;

  constructor(
    private readonly scenario: Scenario,
    private readonly credentials: CredentialsFile,
    private readonly seed: number,
    readonly clock: Clock,
    private readonly harness: Harness | undefined,
  ) {
    this.registry = new Registry(credentials, clock);
    this.operators = operatorsOf(credentials);
    this.startedAtMs = clock.nowMs() - (clock.nowMs() % 1000);
    const api = this.registry.api('supervisor', SUPERVISION);
    this.observer = new Observer(api, scenario, {
      pileId: (pile) => this.pileId(pile),
      evId: (tag) => this.account(tag).evId,
    });
  }

  async register(): Promise<void> {
    const { piles, drivers, tariff } = this.scenario;
    await this.observer.begin();
    if (tariff !== undefined) await this.publish(tariff);
    for (const pile of piles) await this.registerPile(pile);
    for (const driver of drivers) await this.registerDriver(driver);
  }

  pile(name: string): ScenarioPile {
    const pile = this.piles.get(name);
    if (pile === undefined) throw new Error(`the scenario has no pile ${name}`);
    return pile;
  }

  /** Another version of the scenario's tariff from then on: `accepted` or the code of the refusal. */
  async changeTariff(validFrom: string): Promise<string> {
    const [price] = this.scenario.tariff ?? [];
    if (price === undefined) throw new Error('the scenario has no tariff of its own');
    const changed = { ...price, priceId: `${price.priceId}-changed`, electricityPriceE4: price.electricityPriceE4 * 2 };
    try {
      await this.registry
        .api('operator', this.operator(0))
        .post('/v1/tariffs', this.tariffOf([{ ...changed, validFrom, validTo: null }]));
      return 'accepted';
    } catch (error) {
      if (error instanceof ApiError) return error.code;
      throw error;
    }
  }

  async freeze(tag: string, frozen: boolean): Promise<void> {
    const { evId, operatorId } = this.account(tag);
    await this.registry.api('operator', operatorId).patch(`/v1/accounts/${evId}`, { frozen });
  }

  passDay(): Promise<void> {
    return this.theHarness().passDay();
  }

  /** Names of sessions and the ids that their Starts were answered with. */
  transactionIds(): ReadonlyMap<string, number> {
    return new Map(
      [...this.piles.values()].flatMap((pile) =>
        [...pile.sessions].map(([name, { transactionId }]) => [name, transactionId] as const),
      ),
    );
  }

  async close(): Promise<void> {
    for (const pile of this.piles.values()) await pile.close();
  }

  pileId(name: string): string {
    return `SCN-${this.scenario.name}-${this.seed}-${name}`.slice(0, 48);
  }

  /** The pile belongs to the first operator in a scenario with a tariff of its own, else to the next one each. */
  pileOperator(name: string): string {
    const index = this.scenario.piles.findIndex(({ pile }) => pile === name);
    return this.operator(this.scenario.tariff === undefined ? index : 0);
  }

  idTag(tag: string): string {
    return `S${this.seed % 1_000_000}-${shortOf(this.scenario.name)}-${tag}`.slice(0, 20);
  }

  moment(moment: string): string {
    return momentText(moment, this.startedAtMs);
  }

  private async registerDriver(driver: Driver): Promise<void> {
    const account = this.account(driver.tag);
    const idTag = this.idTag(driver.tag);
    if (!driver.onLedger) {
      await this.theHarness().linkWithoutAccount(idTag, account.evId, account.operatorId);
      return;
    }
    const expiry = driver.expiresAt === undefined ? {} : { expiresAt: this.moment(driver.expiresAt) };
    const { maxConcurrentSessions } = driver;
    await this.registry.ensureAccount({ ...account, idTags: [{ idTag, ...expiry }], maxConcurrentSessions });
    await this.registry.deposit(account, BigInt(driver.depositMinor), `scenario-${account.evId}`);
  }

  private async registerPile({ pile: name, connectors, clock }: Scenario['piles'][number]): Promise<void> {
    const operatorId = this.pileOperator(name);
    const own = this.scenario.tariff === undefined ? undefined : this.ownTariffId();
    const stationId = own ?? `SCENARIO-${operatorId}`;
    const tariffId = own ?? `${operatorId}-TOU`;
    const place = { latitudeE6: 39_120_000, longitudeE6: 117_200_000, timeZone: 'Asia/Shanghai' };
    const piles = [{ type: 'DC', count: 20 }];
    const peer = { name: stationId, peerNode: 'scenario' };
    await this.registry.ensureStation({ stationId, operatorId, ...peer, tariffId, ...place, piles });
    const id = this.pileId(name);
    const kinds = connectors.map((each) => ({ ...each, type: 'DC' }));
    const body = { id, operatorId, stationId, clock, simulated: true, connectors: kinds } as const;
    const { password } = await this.registry.ensurePile(body);
    this.piles.set(
      name,
      new ScenarioPile({
        clock: this.clock,
        transactionIdOf: (session) => this.transactionIds().get(session) ?? -1,
        idTag: (tag) => this.idTag(tag),
        moment: (moment) => this.moment(moment),
        newLink: () => this.link(id, password),
      }),
    );
  }

  private link(chargePointId: string, password: string): PileLink {
    return new OcppClient({
      endpoint: this.credentials.ocpp,
      chargePointId,
      password,
      strict: this.scenario.strict,
      clock: this.clock,
      rng: new Rng(this.seed).fork(chargePointId),
      onCall: (action) => Promise.reject(new CallRefusedError(action, 'NotSupported', 'a scenario takes no commands')),
    });
  }

  private publish(prices: readonly ScenarioPrice[]): Promise<void> {
    return this.registry.ensureTariff(this.tariffOf(prices));
  }

  private tariffOf(prices: readonly ScenarioPrice[]): Parameters<Registry['ensureTariff']>[0] {
    const timed = prices.map(({ validFrom, validTo, priceId, ...price }) => ({
      ...price,
      priceId,
      fromMinute: 0,
      toMinute: 1440,
      validFrom: this.moment(validFrom),
      validTo: validTo === null ? null : this.moment(validTo),
    }));
    return { tariffId: this.ownTariffId(), operatorId: this.operator(0), prices: timed };
  }

  private ownTariffId(): string {
    return `SCN-${this.scenario.name}-${this.seed}`;
  }

  /** Drivers belong to the next operator: charging abroad is the normal case. */
  private account(tag: string): { readonly evId: string; readonly operatorId: string } {
    const index = this.scenario.drivers.findIndex((driver) => driver.tag === tag);
    return { evId: `SCN-${this.scenario.name}-${this.seed}-${tag}`, operatorId: this.operator(index + 1) };
  }

  private theHarness(): Harness {
    if (this.harness === undefined)
      throw new Error(
        'this scenario needs the test harness (npm run test:e2e): nobody else can move a product in time',
      );
    return this.harness;
  }

  private operator(index: number): string {
    return this.operators[index % this.operators.length] ?? '';
  }
}

/** OCPP's id tags have 20 characters; two scenarios that begin alike still have tags of their own. */
function shortOf(name: string): string {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + character.charCodeAt(0)) % 1_679_616;
  return hash.toString(36);
}
