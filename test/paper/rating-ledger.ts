import {
  accountRecord,
  billRecord,
  evaluationRecord,
  SETTLE_ITEMS_MAX,
  settlementRecord,
  SUPERVISION,
  type Caller,
  type ItemVerdict,
  type LedgerFunction,
  type LedgerTransactions,
  type RateItemArgs,
  type RecordCodec,
  type SetParametersArgs,
} from '@tallywatt/contracts';
import { MemoryLedger, type KeyWrite, type Simulation } from '@tallywatt/chaincode/embedded';

const OPERATOR = 'TELD';
const NOW_MS = Date.UTC(2026, 0, 15, 8);
const SUPERVISOR: Caller = { mspId: SUPERVISION, role: 'supervisor' };
const STAFF: Caller = { mspId: OPERATOR, role: 'operator' };
const SETTLER: Caller = { mspId: OPERATOR, role: 'settler' };
/** L: so that a tenth of M is one endorsement. */
const LEDGER_UPDATES = 10;
/** Credits are kept as sum and count; with this count R_v has three decimals. */
export const CREDIT_COUNT = 1000;
export const LEVEL_E6 = 1_000_000;

/** Formula (3) as the ledger's defaults have it, but β = 1: M is then l / L itself. */
export const PAPER_PARAMETERS: SetParametersArgs = {
  alphaE6: '10000000',
  betaE6: '1000000',
  sigmaE6: '1000000',
  maxLevel: 5,
  maxRating: 5,
  thresholdMinor: '0',
  minCreditE6: '0',
  currency: 'CNY',
  currencyDecimals: 2,
  endorsementRangeBlocks: LEDGER_UPDATES,
  endorsementQuorum: 1,
};

export interface RatedStation {
  readonly stationId: string;
  /** M in tenths. */
  readonly experienceTenths: number;
  readonly startLevel: number;
  readonly startRatings: number;
}

export interface GivenRating {
  readonly stationId: string;
  /** W: 1 … 5. */
  readonly rating: number;
  /** R_v · 1000 of the user who rates. */
  readonly creditMilli: number;
}

/**
 * The contract on a ledger in memory, with stations to rate. Parameters, stations, endorsement tallies and ratings go
 * through the contract; bills, credits of the raters and values at the start are written as the scenario needs them.
 */
export class RatingLedger {
  private readonly ledger = new MemoryLedger();
  private session = 0;

  static async open(stations: readonly RatedStation[]): Promise<RatingLedger> {
    const rated = new RatingLedger();
    await rated.submit('SetParameters', PAPER_PARAMETERS, SUPERVISOR);
    await rated.submit('RegisterOperator', { operatorId: OPERATOR, name: OPERATOR }, SUPERVISOR);
    await rated.submit('PublishTariff', tariff(), STAFF);
    for (const station of stations) await rated.submit('RegisterStation', registration(station), STAFF);
    await rated.reportEndorsements(stations);
    await rated.write(stations.filter(({ startRatings }) => startRatings > 0).map(startOf));
    return rated;
  }

  /**
   * Applies one rating per station, each of a user and a bill of its own.
   * @returns station id → value in 1e-6 of a level. Throws when the contract does not take a rating.
   */
  async rate(ratings: readonly GivenRating[]): Promise<ReadonlyMap<string, number>> {
    const values = new Map<string, number>();
    for (let start = 0; start < ratings.length; start += SETTLE_ITEMS_MAX) {
      const batch = ratings.slice(start, start + SETTLE_ITEMS_MAX);
      const items = batch.map((given) => this.nextItem(given));
      await this.write(batch.flatMap((given, index) => sessionOf(given, items[index])));
      const simulation = await this.submit('RateBatch', { items }, SETTLER);
      assertRated(JSON.parse(simulation.result) as ItemVerdict[]);
      for (const { stationId, evaluationE6 } of evaluationsIn(simulation)) values.set(stationId, evaluationE6);
    }
    return values;
  }

  private nextItem(given: GivenRating): RateItemArgs {
    const id = String((this.session += 1)).padStart(8, '0');
    return { settlementId: `S-${id}`, evId: `EV-${id}`, rating: given.rating };
  }

  private async reportEndorsements(stations: readonly RatedStation[]): Promise<void> {
    const tenths = [...new Set(stations.map(({ experienceTenths }) => experienceTenths))].sort((a, b) => a - b);
    const tally = tenths.map((endorsements) => ({ peerNode: nodeOf(endorsements), endorsements }));
    const range = { fromBlock: 0, toBlock: LEDGER_UPDATES - 1, ledgerUpdates: LEDGER_UPDATES };
    await this.submit('ReportEndorsements', { ...range, tally }, SETTLER);
  }

  private async submit<F extends LedgerFunction>(
    fn: F,
    args: LedgerTransactions[F],
    caller: Caller,
  ): Promise<Simulation> {
    const simulation = await this.ledger.simulate(fn, args, caller, NOW_MS);
    await this.commit(simulation);
    return simulation;
  }

  /** Writes past the contract. */
  private write(writeSet: readonly KeyWrite[]): Promise<void> {
    return this.commit({ result: '', readSet: [], rangeReads: [], writeSet, event: null });
  }

  private async commit(simulation: Simulation): Promise<void> {
    const code = await this.ledger.commit(simulation);
    if (code !== 'VALID') throw new Error(`the ledger refused a transaction: ${code}`);
  }
}

function nodeOf(experienceTenths: number): string {
  return `node-${experienceTenths}`;
}

function tariff(): LedgerTransactions['PublishTariff'] {
  const always = { fromMinute: 0, toMinute: 1440, weekdayMask: 127, validFromMs: 0, validToMs: null };
  const prices = [{ priceId: 'P', ...always, electricityPriceE4: '14100', servicePriceE4: '6000' }];
  return { tariffId: 'T', operatorId: OPERATOR, prices, publishedAtMs: NOW_MS };
}

function registration({ stationId, experienceTenths }: RatedStation): LedgerTransactions['RegisterStation'] {
  const place = { latE6: 39_084_200, lonE6: 117_200_900, offsets: [{ fromMs: 0, offsetMinutes: 480 }] };
  const peerNode = nodeOf(experienceTenths);
  return { stationId, operatorId: OPERATOR, name: stationId, peerNode, tariffId: 'T', ...place, piles: [] };
}

function startOf({ stationId, startLevel, startRatings }: RatedStation): KeyWrite {
  const evaluationE6 = Math.round(startLevel * LEVEL_E6);
  return recordWrite(evaluationRecord, { stationId, evaluationE6, ratingCount: startRatings });
}

/** What a settled session leaves behind, and the credit of its user. */
function sessionOf({ stationId, creditMilli }: GivenRating, item: RateItemArgs | undefined): KeyWrite[] {
  if (item === undefined) return [];
  const { settlementId, evId } = item;
  const [startMs, endMs] = [NOW_MS - 7_200_000, NOW_MS - 3_600_000];
  const whole = { priceId: 'P', fromMs: startMs, toMs: endMs, energyWh: 26_400n };
  const meter = { meterStartWh: 0n, meterStopWh: 26_400n, totalMinor: 5306n, lines: [whole] };
  const bill = { settlementId, evId, stationId, startMs, endMs, ...meter };
  const credit = { creditSum: creditMilli, creditCount: CREDIT_COUNT, arrears: 0 };
  return [
    recordWrite(settlementRecord, { settlementId, contentHash: 'A'.repeat(43), evId, endMs }),
    recordWrite(billRecord, { ...bill, kind: 'bill', refersTo: settlementId, sessionId: settlementId }),
    recordWrite(accountRecord, { evId, operatorId: OPERATOR, balanceMinor: 0n, ...credit, frozen: false }),
  ];
}

function recordWrite<T>(codec: RecordCodec<T>, record: T): KeyWrite {
  return { key: codec.keyOf(record), value: Buffer.from(codec.encode(record), 'utf8') };
}

function assertRated(verdicts: readonly ItemVerdict[]): void {
  const refused = verdicts.find(({ verdict }) => verdict !== 'rated');
  if (refused !== undefined) throw new Error(`the contract did not take a rating: ${JSON.stringify(refused)}`);
}

function evaluationsIn(simulation: Simulation): { stationId: string; evaluationE6: number }[] {
  const prefix = evaluationRecord.keyOf({ stationId: 'x', evaluationE6: 0, ratingCount: 0 }).slice(0, 3);
  return simulation.writeSet.flatMap(({ key, value }) =>
    value === null || !key.startsWith(prefix)
      ? []
      : [evaluationRecord.decode(key, Buffer.from(value).toString('utf8'))],
  );
}
