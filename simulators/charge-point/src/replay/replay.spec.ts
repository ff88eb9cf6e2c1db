import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../clock.js';
import { FakeProduct } from '../testing/product.js';
import { QUEUE_LENGTH_MAX } from '../transaction-queue.js';
import { IN_FLIGHT_MAX } from './play.js';
import { BOOT_TEXT_LENGTH_MAX } from './recorded-pile.js';
import { replay } from './replay.js';

const MAPPING = new URL('../../mappings/dundee.json', import.meta.url).pathname;
const CSV = `session_id,user_id,charge_point_id,connector_id,start_date,start_time,end_date,end_time,energy_kwh,site,model
1,U1,50914,1,06/09/2018,23:55,07/09/2018,07:03,22.287,Site,APT 22kW Dual Outlet
2,,50914,1,06/09/2018,23:00,06/09/2018,23:10,1.5,Site,APT 22kW Dual Outlet
3,U2,50349,2,06/09/2018,22:00,,,,Site,APT Dual Rapid Charger
4,U1,50349,1,06/09/2018,21:00,06/09/2018,21:30,0.08,Site,APT Dual Rapid Charger
5,U1,50349,1,someday,21:00,06/09/2018,21:30,0.08,Site,APT Dual Rapid Charger
`;

let product: FakeProduct;
let folder: string;
let words: string;

beforeEach(() => {
  product = new FakeProduct();
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
  words = '';
  writeFileSync(join(folder, 'rows.csv'), CSV);
});
afterEach(() => product.stop());

async function run(credentials: string): Promise<number> {
  const options = {
    file: join(folder, 'rows.csv'),
    mapping: MAPPING,
    credentials,
    seed: 1,
    json: join(folder, 'out.json'),
    classes: join(folder, 'classes.csv'),
  };
  return replay(options, { isTTY: false, write: (text) => void (words += text) }, systemClock);
}
const figures = (): Record<string, unknown> => JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'));

describe('replay', () => {
  it('accounts for every row over real sockets', async () => {
    expect(await run(await product.start())).toBe(0);
    expect(readFileSync(join(folder, 'classes.csv'), 'utf8')).toBe(
      'session_id,class\n1,final\n2,refused:Invalid\n3,quarantined:unknown_energy\n4,final\n5,refused:unreadable_row\n',
    );
    expect(figures()).toMatchObject({
      rows: 5,
      final: 2,
      quarantined: { unknown_energy: 1 },
      refused: { Invalid: 1, unreadable_row: 1 },
      unaccounted: 0,
      unexpectedSessions: 0,
      created: { stations: 2, chargePoints: 2, accounts: 2, sessions: 4 },
    });
    expect(words).toContain('quarantined (unknown_energy)');
  });

  it('plays Authorize, Start, MeterValues, Stop with the times and registers of the file', async () => {
    await run(await product.start());
    const at = '2018-09-07T06:03:00.000Z';
    const payloadOf = (action: string, holds: string): unknown =>
      product.central?.callsOf(action).find((frame) => JSON.stringify(frame).includes(holds))?.[3];
    expect(payloadOf('Authorize', 'U1')).toEqual({ idTag: 'U1' });
    expect(payloadOf('StartTransaction', '2018-09-06T22:55')).toEqual({
      connectorId: 1,
      idTag: 'U1',
      meterStart: 100_000,
      timestamp: '2018-09-06T22:55:00.000Z',
    });
    const sampledValue = [
      { value: '122287', context: 'Transaction.End', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
    ];
    expect(payloadOf('MeterValues', '122287')).toMatchObject({
      connectorId: 1,
      meterValue: [{ timestamp: at, sampledValue }],
    });
    expect(payloadOf('StopTransaction', '122287')).toMatchObject({
      idTag: 'U1',
      meterStop: 122_287,
      timestamp: at,
      reason: 'Local',
    });
    expect(payloadOf('StopTransaction', 'DeAuthorized')).toMatchObject({
      meterStop: 122_287,
      timestamp: '2018-09-06T22:00:00.000Z',
    });
    const boots = product.central?.callsOf('BootNotification').map((frame) => frame[3]);
    expect(boots).toHaveLength(3);
    expect(boots).toContainEqual({
      chargePointVendor: 'Recorded',
      chargePointModel: 'APT Dual Rapid Charger'.slice(0, BOOT_TEXT_LENGTH_MAX),
    });
    // Each session in play has one message under way, so even one pile's queue can hold them all.
    expect(IN_FLIGHT_MAX).toBeLessThan(QUEUE_LENGTH_MAX);
  });

  it('changes nothing the second time', async () => {
    const credentials = await product.start();
    await run(credentials);
    const [sessions, deposits] = [product.sessions.size, product.deposits.size];
    expect(await run(credentials)).toBe(0);
    expect([product.sessions.size, product.deposits.size]).toEqual([sessions, deposits]);
    expect(figures()).toMatchObject({ created: { stations: 0, chargePoints: 0, accounts: 0, sessions: 0 } });
    expect(product.posts.filter((path) => path.endsWith('/password'))).toHaveLength(2);
  });
});
