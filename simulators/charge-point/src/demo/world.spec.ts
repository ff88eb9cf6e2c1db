import {
  CHARGE_POINT_ID_PATTERN,
  ID_TAG_LENGTH_MAX,
  OPERATION_INPUTS,
  registerChargePointBody,
} from '@tallywatt/contracts';
import { describe, expect, it } from '@jest/globals';
import { Rng } from '../rng.js';
import { demoWorld } from './world.js';

describe('demoWorld', () => {
  const world = demoWorld(new Rng(1));

  it('is table 1: 143 stations on 15 nodes', () => {
    const count = (operatorId: string): number =>
      world.stations.filter((station) => station.operatorId === operatorId).length;
    expect(['TELD', 'STAR', 'PTNE', 'SG'].map(count)).toEqual([52, 29, 16, 46]);
    expect(new Set(world.stations.map((station) => station.peerNode)).size).toBe(15);
  });

  it('is made of valid bodies with unique ids', () => {
    for (const station of world.stations)
      expect(OPERATION_INPUTS.registerStation.safeParse(station).success).toBe(true);
    const ids = [...world.livePiles, ...world.recordedPiles].map((pile) => pile.pileId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(CHARGE_POINT_ID_PATTERN);
    expect(world.drivers.every((driver) => driver.idTag.length <= ID_TAG_LENGTH_MAX)).toBe(true);
    const [pile] = world.livePiles;
    const connectors = pile?.connectorIds.map((connectorId) => ({
      connectorId,
      ratedPowerW: pile.ratedPowerW,
      type: 'DC',
    }));
    expect(
      registerChargePointBody.safeParse({
        id: pile?.pileId,
        operatorId: 'TELD',
        stationId: pile?.stationId,
        connectors,
      }).success,
    ).toBe(true);
  });

  it('repeats itself', () => expect(demoWorld(new Rng(1))).toEqual(world));
});
