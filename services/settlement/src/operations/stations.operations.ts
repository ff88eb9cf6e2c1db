import {
  canonicalJson,
  type OperationInput,
  type Principal,
  type RegisterStationArgs,
  type StationView,
} from '@tallywatt/contracts';
import { distanceM, priceAt, rankStations } from '@tallywatt/domain';
import type { LedgerWriter } from '../batching/ledger-writer.js';
import type { Clock } from '../clock.js';
import type { StationTariff, StationTariffSource } from '../pricing/tariff-book.js';
import type { AccountQueries } from './account-queries.js';
import { type Currency, moneyView } from './money-view.js';
import type { NetworkQueries } from './network-queries.js';
import { EVERYONE, OPERATOR, type Operation, reads, writes } from './operation.js';
import { pageView } from './paging.js';
import { callerOf, isSupervision } from './principal-caller.js';
import { alreadyExists, forbiddenOrganisation, notFound } from './refusal.js';
import { stationOffsets } from './station-offsets.js';
import type { StationQueries, StationRow } from './station-queries.js';
import { visibilityOf } from './visibility.js';

/** A degree of latitude is 110.6 … 111.7 km: the band that is searched is never too narrow. */
const LATITUDE_E6_PER_M = 10;

/** What stations are described with: how they price, and in which currency. */
export interface StationSources {
  readonly stations: StationQueries;
  readonly tariffs: StationTariffSource;
  readonly accounts: AccountQueries;
  readonly network: NetworkQueries;
}

/** Stations are known to everybody in the consortium; their balance to their operator and supervision only. */
export class StationOperations {
  readonly operations: readonly Operation[] = [
    writes('registerStation', OPERATOR, (input, principal) => this.register(input, principal)),
    reads('listStations', EVERYONE, (input, principal) => this.list(input, principal)),
    reads('getStation', EVERYONE, ({ stationId }, principal) => this.get(stationId, principal)),
    reads('recommendStations', EVERYONE, (input, principal) => this.recommend(input, principal)),
  ];

  constructor(
    private readonly sources: StationSources,
    private readonly writer: LedgerWriter,
    private readonly clock: Clock,
  ) {}

  private async register(input: OperationInput<'registerStation'>, principal: Principal): Promise<StationView> {
    if (input.operatorId !== principal.organisation) throw forbiddenOrganisation();
    const args = stationArgs(input, this.clock.nowMs());
    const before = await this.sources.stations.station(input.stationId);
    if (before !== undefined && sameStation(before, args)) throw alreadyExists();
    await this.writer.write('RegisterStation', args, callerOf(principal));
    return this.get(input.stationId, principal);
  }

  private async list(input: OperationInput<'listStations'>, principal: Principal): Promise<unknown> {
    const rows = await this.sources.stations.stations(input.operatorId, input);
    const view = await this.viewer(rows.rows, principal);
    return pageView(rows, input.limit, (station) => [station.stationId], view);
  }

  private async get(stationId: string, principal: Principal): Promise<StationView> {
    const station = await this.sources.stations.station(stationId);
    if (station === undefined) throw notFound();
    return (await this.viewer([station], principal))(station);
  }

  /** Best evaluation first, then distance; nothing for a user who may not charge (rules.md "Station choice"). */
  private async recommend(input: OperationInput<'recommendStations'>, principal: Principal): Promise<unknown> {
    const account = await this.sources.accounts.account(input.evId, visibilityOf(principal));
    if (account === undefined) throw notFound();
    if (account.blocked || account.frozen) return { data: [], nextCursor: null };
    const ranked = rankStations(await this.within(input));
    const view = await this.viewer(ranked, principal);
    return { data: ranked.map((station) => ({ ...view(station), distanceM: station.distanceM })), nextCursor: null };
  }

  private async within({ latE6, lonE6, radiusM }: OperationInput<'recommendStations'>) {
    const bandE6 = radiusM * LATITUDE_E6_PER_M;
    const stations = await this.sources.stations.stationsBetween(latE6 - bandE6, latE6 + bandE6);
    return stations
      .map((station) => {
        const position = { latE6: station.latitudeE6, lonE6: station.longitudeE6 };
        return { ...station, distanceM: distanceM({ latE6, lonE6 }, position) };
      })
      .filter((station) => station.distanceM <= radiusM);
  }

  private async viewer(
    stations: readonly StationRow[],
    principal: Principal,
  ): Promise<(station: StationRow) => StationView> {
    const tariffs = await this.sources.tariffs.stationTariffs(stations.map((station) => station.stationId));
    const byStation = new Map(tariffs.map((tariff) => [tariff.stationId, tariff]));
    const currency = await this.sources.network.currency();
    const nowMs = this.clock.nowMs();
    return (station) => stationView(station, byStation.get(station.stationId), { principal, currency, nowMs });
  }
}

function stationArgs(input: OperationInput<'registerStation'>, nowMs: number): RegisterStationArgs {
  const { timeZone, latitudeE6, longitudeE6, ...same } = input;
  return { ...same, latE6: latitudeE6, lonE6: longitudeE6, offsets: stationOffsets(timeZone, nowMs) };
}

/** jsonb does not keep the order of object keys, hence canonical text. */
function sameStation(before: StationRow, args: RegisterStationArgs): boolean {
  const { latitudeE6, longitudeE6, evaluationE6: _e, ratingCount: _r, balanceMinor: _b, ...same } = before;
  return canonicalJson({ ...same, latE6: latitudeE6, lonE6: longitudeE6 }) === canonicalJson(args);
}

interface ViewContext {
  readonly principal: Principal;
  readonly currency: Currency;
  readonly nowMs: number;
}

function stationView(station: StationRow, tariff: StationTariff | undefined, context: ViewContext): StationView {
  const { offsets: _offsets, balanceMinor, ...known } = station;
  const { principal, currency, nowMs } = context;
  const isOwn = principal.role !== 'driver' && principal.organisation === station.operatorId;
  const balance = isOwn || isSupervision(principal) ? moneyView(balanceMinor, currency) : null;
  return { ...known, balance, currentPrice: currentPrice(tariff, nowMs) };
}

function currentPrice(station: StationTariff | undefined, nowMs: number): StationView['currentPrice'] {
  if (station === undefined || station.offsets.length === 0) return null;
  const price = priceAt(station.tariff, station.offsets, nowMs);
  if (price === undefined) return null;
  const { priceId, electricityPriceE4, servicePriceE4 } = price;
  return { priceId, electricityPriceE4: Number(electricityPriceE4), servicePriceE4: Number(servicePriceE4) };
}
