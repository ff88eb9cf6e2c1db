import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENDORSE_MS_MAX, EVALUATE_MS_MAX, FabricGateways, SUBMIT_MS_MAX } from './fabric-gateways.js';
import { readFabricProfile } from './fabric-profile.js';

const TELD = {
  mspId: 'TELD',
  gateways: [{ address: '127.0.0.1:7051', tlsRootFile: 'tls.pem', tlsName: 'node-1.teld.tallywatt' }],
  identitiesFolder: '/secrets/teld',
};

describe('profile of a network', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tw-profile-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(content: object): string {
    const file = join(folder, 'connection.json');
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  it('takes relative paths from its own folder', () => {
    const profile = readFabricProfile(write({ channel: 'c', contract: 'settlement', organisations: [TELD] }));
    expect(profile.organisations[0]?.gateways[0]?.tlsRootFile).toBe(join(folder, 'tls.pem'));
    expect(profile.organisations[0]?.identitiesFolder).toBe('/secrets/teld');
  });

  it.each([
    ['no organisation', { organisations: [] }, 'organisations'],
    ['no gateway', { organisations: [{ ...TELD, gateways: [] }] }, 'organisations.0.gateways'],
    ['a field too many', { extra: 1 }, 'extra'],
  ])('with %s is refused by name', (_what, change, path) => {
    const file = write({ channel: 'c', contract: 'settlement', organisations: [TELD], ...change });
    expect(() => readFabricProfile(file)).toThrow(path);
  });

  it('serves nobody that it does not name', () => {
    const gateways = new FabricGateways(
      readFabricProfile(write({ channel: 'c', contract: 'settlement', organisations: [TELD] })),
    );
    expect(() => gateways.for({ mspId: 'STAR', role: 'settler' })).toThrow('does not serve STAR');
    expect(() => gateways.for({ mspId: 'TELD', role: 'settler' })).toThrow('holds no identity TELD/settler');
    // Another driver's folder is not reached by a name with dots in it.
    mkdirSync(join(folder, 'settler'));
    const here = { ...TELD, identitiesFolder: folder };
    const profile = readFabricProfile(write({ channel: 'c', contract: 'settlement', organisations: [here] }));
    const own = new FabricGateways(profile);
    expect(() => own.for({ mspId: 'TELD', role: 'driver', evId: '../settler' })).toThrow('no identity');
  });

  it('waits for answers as long as the ledger’s page says', () => {
    expect([EVALUATE_MS_MAX, ENDORSE_MS_MAX, SUBMIT_MS_MAX]).toEqual([10_000, 10_000, 10_000]);
  });
});
