import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { compileDateFormat } from './date-format.js';
import { energyWh } from './energy.js';
import type { Mapping } from './mapping.js';
import { zonedEpochMs } from './zone.js';

/** A file is held in memory whole; more belongs into several files. */
export const ROWS_MAX = 1_000_000;
/** registerChargePointBody: connectors 1 … 64. */
export const CONNECTOR_ID_MAX = 64;

/** One recorded session, in the units of the product. */
export interface RecordedRow {
  /** 1 is the first row after the header. */
  readonly rowNumber: number;
  readonly sessionId: string;
  /** Undefined: the file names nobody. */
  readonly userId: string | undefined;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly model: string;
  readonly ratedPowerW: number;
  readonly startMs: number;
  /** End and energy are known together or not at all. */
  readonly stop: { readonly endMs: number; readonly energyWh: number } | undefined;
}

/** A row that cannot be played: it names no charge point, connector or start that can be read. */
export interface UnreadableRow {
  readonly rowNumber: number;
  readonly sessionId: string;
}

export interface Recording {
  readonly rows: readonly RecordedRow[];
  readonly unreadable: readonly UnreadableRow[];
}

const records = z.array(z.record(z.string(), z.string()));

/** Reads a CSV as its mapping says. Throws when a mapped column is missing: then the mapping is wrong, not the rows. */
export function readRecording(text: string, mapping: Mapping, rowsMax = ROWS_MAX): Recording {
  const parsed = records.parse(
    parse(text, {
      columns: true,
      bom: true,
      delimiter: mapping.delimiter,
      skip_empty_lines: true,
      relax_column_count_less: true,
    }),
  );
  if (parsed.length > rowsMax) throw new Error(`${parsed.length} rows are more than ${rowsMax}: split the file`);
  requireColumns(parsed[0] ?? {}, mapping);
  const readDate = compileDateFormat(mapping.dateFormat);
  const rows: RecordedRow[] = [];
  const unreadable: UnreadableRow[] = [];
  parsed.forEach((cells, index) => {
    const row = readRow(cells, index + 1, mapping, readDate);
    if (row === undefined) unreadable.push({ rowNumber: index + 1, sessionId: cells[mapping.columns.session] ?? '' });
    else rows.push(row);
  });
  return { rows, unreadable };
}

function requireColumns(first: Record<string, string>, mapping: Mapping): void {
  const { session, user, chargePoint, connector, start, end, energy, model } = mapping.columns;
  const wanted = [
    session,
    user,
    chargePoint,
    ...start,
    ...end,
    energy,
    ...(connector ? [connector] : []),
    ...(model ? [model] : []),
  ];
  const missing = wanted.filter((name) => !(name in first));
  if (missing.length > 0)
    throw new Error(`the file has no column ${missing.join(', ')}; it has ${Object.keys(first).join(', ')}`);
}

type DateReader = ReturnType<typeof compileDateFormat>;

function readRow(
  cells: Record<string, string>,
  rowNumber: number,
  mapping: Mapping,
  readDate: DateReader,
): RecordedRow | undefined {
  const cell = (name: string | undefined): string => (name === undefined ? '' : (cells[name] ?? '')).trim();
  const instant = (names: readonly string[]): number | undefined => {
    const local = readDate(names.map(cell).join(' ').trim());
    return local === undefined ? undefined : zonedEpochMs(local, mapping.timeZone);
  };
  const { columns } = mapping;
  const connectorId = columns.connector === undefined ? 1 : Number(cell(columns.connector));
  const startMs = instant(columns.start);
  const chargePointId = cell(columns.chargePoint);
  if (startMs === undefined || chargePointId === '' || !isConnector(connectorId)) return undefined;
  const endMs = instant(columns.end);
  const energy = energyWh(cell(columns.energy), mapping.energyUnit);
  const model = cell(columns.model);
  return {
    rowNumber,
    sessionId: cell(columns.session),
    userId: cell(columns.user) || undefined,
    chargePointId,
    connectorId,
    model,
    ratedPowerW: ratedPowerOf(model, mapping),
    startMs,
    stop: endMs === undefined || energy === undefined ? undefined : { endMs, energyWh: energy },
  };
}

function isConnector(connectorId: number): boolean {
  return Number.isInteger(connectorId) && connectorId >= 1 && connectorId <= CONNECTOR_ID_MAX;
}

function ratedPowerOf(model: string, { ratedPowerW }: Mapping): number {
  return ratedPowerW.models.find(({ contains }) => model.includes(contains))?.ratedPowerW ?? ratedPowerW.default;
}
