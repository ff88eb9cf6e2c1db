import { parseCsv } from './csv.js';

/** One row of the file as the written rules have it played; seconds since 1970, whole Wh, watts. */
export interface Row {
  readonly sessionId: string;
  readonly user: string;
  readonly pile: string;
  readonly connector: string;
  readonly startS: number;
  /** Undefined when the file has no end or no energy. */
  readonly stop: { readonly endS: number; readonly energyWh: number } | undefined;
  readonly ratedPowerW: number;
}

const LONDON = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

/** `dd/mm/yyyy`, `hh:mm` of London. London is at UTC or one hour ahead: try both, summer first (the earlier instant). */
export function londonSeconds(date: string, time: string): number {
  const [day, month, year] = date.split('/').map(Number);
  const [hour, minute] = time.split(':').map(Number);
  const asUtcMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  for (const ms of [asUtcMs - 3_600_000, asUtcMs]) {
    if (LONDON.format(ms) === `${date}, ${time}`) return ms / 1000;
  }
  throw new Error(`London never showed ${date} ${time}`);
}

/** kWh as decimal text with at most three digits after the point, as in this file, to Wh. */
export function whOf(kwh: string): number {
  const negative = kwh.startsWith('-');
  const [whole = '0', fraction = ''] = kwh.replace('-', '').split('.');
  if (fraction.length > 3) throw new Error(`${kwh} kWh is not a whole number of Wh`);
  const wh = Number(whole) * 1000 + Number(fraction.padEnd(3, '0'));
  return negative ? -wh : wh;
}

function ratedPowerW(model: string): number {
  if (model.includes('22kW')) return 22_000;
  return model.includes('7kW') ? 7_000 : 50_000;
}

/** The file in its own order; the k-th row of one connector and minute starts k − 1 seconds later and never ends before. */
export function readDundee(text: string): Row[] {
  const seen = new Map<string, number>();
  return parseCsv(text).map((cells) => {
    const cell = (name: string): string => cells[name] ?? '';
    const key = [cell('charge_point_id'), cell('connector_id'), cell('start_date'), cell('start_time')].join('|');
    const earlier = seen.get(key) ?? 0;
    seen.set(key, earlier + 1);
    const startS = londonSeconds(cell('start_date'), cell('start_time')) + earlier;
    const hasStop = cell('end_date') !== '' && cell('energy_kwh') !== '';
    return {
      sessionId: cell('session_id'),
      user: cell('user_id'),
      pile: cell('charge_point_id'),
      connector: cell('connector_id'),
      startS,
      stop: hasStop
        ? {
            endS: Math.max(startS, londonSeconds(cell('end_date'), cell('end_time'))),
            energyWh: whOf(cell('energy_kwh')),
          }
        : undefined,
      ratedPowerW: ratedPowerW(cell('model')),
    };
  });
}
