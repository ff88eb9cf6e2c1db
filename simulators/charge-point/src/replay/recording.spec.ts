import { describe, expect, it } from '@jest/globals';
import { mappingSchema } from './mapping.js';
import { CONNECTOR_ID_MAX, ROWS_MAX, readRecording } from './recording.js';

const MAPPING = mappingSchema.parse({
  name: 'test',
  columns: {
    session: 'id',
    user: 'user',
    chargePoint: 'cp',
    connector: 'con',
    start: ['d', 't'],
    end: ['ed', 'et'],
    energy: 'kwh',
    model: 'model',
  },
  dateFormat: 'dd/MM/yyyy HH:mm',
  timeZone: 'Europe/London',
  energyUnit: 'kWh',
  ratedPowerW: { models: [{ contains: '7kW', ratedPowerW: 7000 }], default: 50_000 },
  station: { name: 'x', latitudeE6: 0, longitudeE6: 0 },
});
const HEADER = 'id,user,cp,con,d,t,ed,et,kwh,model\n';

describe('readRecording', () => {
  it('reads a row into units of the product', () => {
    const { rows } = readRecording(
      `${HEADER}7,U1,50914,2,06/09/2018,23:55,07/09/2018,07:03,22.287,"APT 7kW, Dual"\n`,
      MAPPING,
    );
    expect(rows).toEqual([
      {
        rowNumber: 1,
        sessionId: '7',
        userId: 'U1',
        chargePointId: '50914',
        connectorId: 2,
        model: 'APT 7kW, Dual',
        ratedPowerW: 7000,
        startMs: Date.UTC(2018, 8, 6, 22, 55),
        stop: { endMs: Date.UTC(2018, 8, 7, 6, 3), energyWh: 22_287 },
      },
    ]);
  });

  it('knows end and energy together or not at all, and a missing user', () => {
    const text = `${HEADER}1,,A,1,06/09/2018,10:00,,,5.0,x\n2,U,A,1,06/09/2018,10:00,06/09/2018,11:00,,x\n`;
    const { rows } = readRecording(text, MAPPING);
    expect(rows.map((row) => [row.userId, row.stop, row.ratedPowerW])).toEqual([
      [undefined, undefined, 50_000],
      ['U', undefined, 50_000],
    ]);
  });

  it('lists rows that cannot be played instead of dropping them', () => {
    const text = `${HEADER}1,U,A,1,2018-09-06,10:00,,,,x\n2,U,,1,06/09/2018,10:00,,,,x\n3,U,A,0,06/09/2018,10:00,,,,x\n`;
    const recording = readRecording(text, MAPPING);
    expect(recording.rows).toEqual([]);
    expect(recording.unreadable).toEqual([
      { rowNumber: 1, sessionId: '1' },
      { rowNumber: 2, sessionId: '2' },
      { rowNumber: 3, sessionId: '3' },
    ]);
  });

  it('knows connectors up to the product’s limit, and rows up to its own', () => {
    const row = (connector: number): string => `1,U,A,${connector},06/09/2018,10:00,,,,x\n`;
    const recording = readRecording(HEADER + row(CONNECTOR_ID_MAX) + row(CONNECTOR_ID_MAX + 1), MAPPING, ROWS_MAX);
    expect([recording.rows.length, recording.unreadable.length]).toEqual([1, 1]);
    expect(() => readRecording(HEADER + row(1) + row(2), MAPPING, 1)).toThrow('more than 1');
  });

  it('says which column is missing', () => {
    expect(() => readRecording('id,user\n1,2\n', MAPPING)).toThrow('no column cp, d, t, ed, et, kwh, con, model');
  });
});

describe('mappingSchema', () => {
  it('refuses unknown zones, formats and fields', () => {
    const refused = mappingSchema.safeParse({ ...MAPPING, timeZone: 'Mars/Olympus', dateFormat: 'QQ', surprise: 1 });
    expect(refused.error?.issues.map((issue) => issue.path.join('.')).sort()).toEqual(['', 'dateFormat', 'timeZone']);
  });
});
