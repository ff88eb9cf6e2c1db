import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { OPERATION_INPUTS } from '@tallywatt/contracts';
import { z } from 'zod';
import { requireOwnOrganisation } from './auth/scope.js';
import { money, number, text } from './csv.js';
import { ledgerIdParam } from './ids.js';
import { answerList, listFormat, type ListAnswer } from './list.js';
import { Caller, type RequestContext } from './request-context.js';
import { SettlementClient, callList } from './settlement-client.js';

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);
const { registerStation } = OPERATION_INPUTS;
/** Decimal degrees, as everywhere in the API, or the ledger's own 1e-6 degrees. */
const stationBody = z.union([
  registerStation.omit({ latitudeE6: true, longitudeE6: true }).extend({ lat: latitude, lon: longitude }),
  registerStation,
]);
const stationsQuery = OPERATION_INPUTS.listStations.extend(listFormat);
const recommendedQuery = z.strictObject({
  evId: ledgerIdParam,
  lat: z.coerce.number().pipe(latitude),
  lon: z.coerce.number().pipe(longitude),
  radiusM: OPERATION_INPUTS.recommendStations.shape.radiusM
    .or(z.coerce.number().int().min(1).max(100_000))
    .default(10_000),
});

const STATION_COLUMNS = [
  ...text('stationId', 'operatorId', 'name', 'peerNode', 'tariffId'),
  ...number('latitudeE6', 'longitudeE6', 'evaluationE6', 'ratingCount'),
  ...money('balance'),
  ...text('currentPrice.priceId'),
  ...number('currentPrice.electricityPriceE4', 'currentPrice.servicePriceE4'),
];

/** Positions are decimal degrees here and 1e-6 degrees behind. */
function degreesToE6(degrees: number): number {
  return Math.round(degrees * 1e6);
}

@Controller('v1/stations')
export class StationsController {
  constructor(private readonly settlement: SettlementClient) {}

  @Get()
  list(
    @Caller() caller: RequestContext,
    @Query({ schema: stationsQuery }) query: z.output<typeof stationsQuery>,
  ): Promise<ListAnswer> {
    return answerList(query, STATION_COLUMNS, (page) => callList(this.settlement, 'listStations', caller, page));
  }

  /** Stations of every operator for a driver who may charge: best evaluation first, then distance. */
  @Get('recommended')
  recommended(
    @Caller() caller: RequestContext,
    @Query({ schema: recommendedQuery }) query: z.output<typeof recommendedQuery>,
  ): Promise<unknown> {
    const { evId, radiusM, lat, lon } = query;
    const position = { latE6: degreesToE6(lat), lonE6: degreesToE6(lon) };
    return this.settlement.call('recommendStations', caller, { evId, radiusM, ...position });
  }

  @Get(':id')
  get(@Caller() caller: RequestContext, @Param('id', { schema: ledgerIdParam }) stationId: string): Promise<unknown> {
    return this.settlement.call('getStation', caller, { stationId });
  }

  @Post()
  register(
    @Caller() caller: RequestContext,
    @Body({ schema: stationBody }) body: z.output<typeof stationBody>,
  ): Promise<unknown> {
    requireOwnOrganisation(caller.principal, body.operatorId);
    if ('latitudeE6' in body) return this.settlement.call('registerStation', caller, body);
    const { lat, lon, ...station } = body;
    const input = { ...station, latitudeE6: degreesToE6(lat), longitudeE6: degreesToE6(lon) };
    return this.settlement.call('registerStation', caller, input);
  }
}
