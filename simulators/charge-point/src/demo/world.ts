import type { OperationInput } from '@tallywatt/contracts';
import type { Rng } from '../rng.js';

/** The paper's table 1: stations per operator on 15 network nodes. Figure 4's anchors 1, 6, 9, 14 are each the first node of one. */
export const NETWORK = [
  { operatorId: 'TELD', stations: 52, nodes: [1, 2, 3, 4, 5] },
  { operatorId: 'STAR', stations: 29, nodes: [6, 7, 8] },
  { operatorId: 'SG', stations: 46, nodes: [9, 10, 11, 12, 13] },
  { operatorId: 'PTNE', stations: 16, nodes: [14, 15] },
] as const;

const TIME_ZONE = 'Asia/Shanghai';
/** Within Tianjin's outer ring, 1e-6 degrees. */
const LATITUDE_E6 = { low: 39_030_000, high: 39_220_000 };
const LONGITUDE_E6 = { low: 117_080_000, high: 117_340_000 };
const DISTRICTS = ['Heping', 'Hexi', 'Hedong', 'Nankai', 'Hebei', 'Hongqiao', 'Dongli', 'Xiqing', 'Jinnan', 'Beichen'];
/** Rated power of DC piles that are sold. */
const DC_POWERS_W = [120_000, 180_000, 240_000, 360_000, 480_000];
const LIVE_PILES_PER_OPERATOR = 6;
const RECORDED_PILES_PER_OPERATOR = 2;
const DRIVERS_PER_OPERATOR = 8;

export interface DemoPile {
  readonly pileId: string;
  readonly operatorId: string;
  readonly stationId: string;
  readonly ratedPowerW: number;
  readonly connectorIds: readonly number[];
}

export interface DemoDriver {
  readonly evId: string;
  readonly idTag: string;
  readonly operatorId: string;
  /** Pays late: a small deposit, so that the page shows a blocked user. */
  readonly short: boolean;
}

export interface DemoWorld {
  readonly stations: readonly OperationInput<'registerStation'>[];
  readonly livePiles: readonly DemoPile[];
  readonly recordedPiles: readonly DemoPile[];
  readonly drivers: readonly DemoDriver[];
}

/** The same world for the same seed: a second start finds it. */
export function demoWorld(rng: Rng): DemoWorld {
  return {
    stations: NETWORK.flatMap((operator) =>
      Array.from({ length: operator.stations }, (_none, index) => station(operator, index, rng)),
    ),
    livePiles: NETWORK.flatMap(({ operatorId }) => piles(operatorId, 'DC', LIVE_PILES_PER_OPERATOR, rng)),
    recordedPiles: NETWORK.flatMap(({ operatorId }) => piles(operatorId, 'REC', RECORDED_PILES_PER_OPERATOR, rng)),
    drivers: NETWORK.flatMap(({ operatorId }) => drivers(operatorId)),
  };
}

function station(
  { operatorId, nodes }: (typeof NETWORK)[number],
  index: number,
  rng: Rng,
): OperationInput<'registerStation'> {
  const district = DISTRICTS[index % DISTRICTS.length] ?? '';
  return {
    stationId: stationId(operatorId, index),
    operatorId,
    name: `${operatorId} ${district} ${Math.floor(index / DISTRICTS.length) + 1}`,
    peerNode: `node-${nodes[index % nodes.length] ?? nodes[0]}`,
    tariffId: `${operatorId}-TOU`,
    timeZone: TIME_ZONE,
    latitudeE6: rng.integer(LATITUDE_E6.low, LATITUDE_E6.high),
    longitudeE6: rng.integer(LONGITUDE_E6.low, LONGITUDE_E6.high),
    piles: [{ type: 'DC', count: rng.integer(2, 8) }],
  };
}

function piles(operatorId: string, kind: string, count: number, rng: Rng): DemoPile[] {
  return Array.from({ length: count }, (_none, index) => ({
    pileId: `${operatorId}-${kind}-${twoDigits(index + 1)}`,
    operatorId,
    stationId: stationId(operatorId, index),
    ratedPowerW: rng.pick(DC_POWERS_W),
    connectorIds: [1, 2],
  }));
}

function drivers(operatorId: string): DemoDriver[] {
  return Array.from({ length: DRIVERS_PER_OPERATOR }, (_none, index) => {
    const evId = `DEMO-${operatorId}-${twoDigits(index + 1)}`;
    return { evId, idTag: evId, operatorId, short: index === DRIVERS_PER_OPERATOR - 1 };
  });
}

function stationId(operatorId: string, index: number): string {
  return `${operatorId}-${String(index + 1).padStart(3, '0')}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
