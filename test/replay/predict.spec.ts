import { describe, expect, it } from '@jest/globals';
import { type Row, londonSeconds, readDundee, whOf } from './dundee.js';
import { differences, predict } from './predict.js';

const HEADER =
  'session_id,user_id,charge_point_id,connector_id,start_date,start_time,end_date,end_time,energy_kwh,site,model\n';
const line = (id: string, user: string, start: string, end: string, kwh: string): string =>
  `${id},${user},A,1,06/09/2018,${start},${end === '' ? '' : '06/09/2018'},${end},${kwh},"Site, Dundee",APT 7kW\n`;
const classes = (...lines: string[]): string[] => [...predict(readDundee(HEADER + lines.join(''))).values()];

describe('reading the file', () => {
  it('knows summer time, whole Wh, and quoted cells', () => {
    expect(londonSeconds('06/09/2018', '23:55')).toBe(Date.UTC(2018, 8, 6, 22, 55) / 1000);
    expect(londonSeconds('06/01/2018', '23:55')).toBe(Date.UTC(2018, 0, 6, 23, 55) / 1000);
    expect([whOf('22.287'), whOf('7.08'), whOf('-0.5'), whOf('0')]).toEqual([22_287, 7080, -500, 0]);
    expect(() => whOf('1.0005')).toThrow();
    expect(() => londonSeconds('25/03/2018', '01:30')).toThrow();
  });

  it('spreads rows of one minute and clamps their ends', () => {
    const rows: Row[] = readDundee(
      HEADER + line('1', 'U', '10:00', '10:00', '0') + line('2', 'U', '10:00', '10:00', '0'),
    );
    expect(rows.map((row) => row.startS - (rows[0]?.startS ?? 0))).toEqual([0, 1]);
    expect(rows[1]?.stop?.endS).toBe(rows[1]?.startS);
  });
});

describe('predict', () => {
  it('decides by the written rules, first match first', () => {
    expect(
      classes(
        line('1', '', '09:00', '10:00', '5'),
        line('2', 'U', '10:00', '', ''),
        line('3', 'U', '11:00', '12:00', '-1'),
        line('4', 'U', '12:00', '13:00', '8.54'),
        line('5', 'U', '13:00', '14:00', '8.541'),
        line('6', 'U', '13:30', '15:00', '1'),
        line('7', 'U', '15:00', '16:00', '1'),
        line('8', 'U', '09:30', '09:40', '1'),
      ),
    ).toEqual([
      'refused:Invalid',
      'quarantined:unknown_energy',
      'quarantined:meter_rollback',
      'final',
      'quarantined:implausible_power',
      'quarantined:session_overlap',
      'final',
      'final',
    ]);
  });

  it('takes an empty interval, such as a clamped row, to overlap nothing', () => {
    expect(classes(line('1', 'U', '10:00', '11:00', '1'), line('2', 'U', '10:00', '10:00', '0'))).toEqual([
      'final',
      'final',
    ]);
    expect(classes(line('1', 'U', '10:30', '10:30', '0'), line('2', 'U', '10:00', '11:00', '1'))).toEqual([
      'final',
      'final',
    ]);
  });

  it('names rows that differ, are missing or are too many', () => {
    const expected = new Map([
      ['1', 'final'],
      ['2', 'final'],
    ]);
    const actual = new Map([
      ['1', 'final'],
      ['2', 'refused:Invalid'],
      ['3', 'final'],
    ]);
    expect(differences(expected, actual)).toEqual([
      '2: predicted final, replay says refused:Invalid',
      '3: predicted nothing, replay says final',
    ]);
  });
});
