import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { compileDateFormat } from './date-format.js';

const column = z.string().min(1);
const columns = z.union([column.transform((name) => [name]), z.array(column).min(1)]);

/** How a file of recorded sessions is to be read. `mappings/README.md` explains each field by example. */
export const mappingSchema = z.strictObject({
  name: z.string().min(1),
  delimiter: z.string().length(1).default(','),
  columns: z.strictObject({
    session: column,
    user: column,
    chargePoint: column,
    /** Without it every charge point has the one connector 1. */
    connector: column.optional(),
    /** Several columns are joined by one space before `dateFormat` reads them. */
    start: columns,
    end: columns,
    energy: column,
    model: column.optional(),
  }),
  dateFormat: z.string().refine(isDateFormat, 'not a date format'),
  timeZone: z.string().refine(isTimeZone, 'not an IANA time zone'),
  energyUnit: z.enum(['Wh', 'kWh']),
  /** The first entry whose `contains` occurs in the model decides. */
  ratedPowerW: z.strictObject({
    models: z
      .array(z.strictObject({ contains: z.string().min(1), ratedPowerW: z.number().int().positive() }))
      .default([]),
    default: z.number().int().positive(),
  }),
  connectorType: z.string().min(1).max(32).default('AC'),
  station: z.strictObject({
    name: z.string().min(1).max(150),
    latitudeE6: z.number().int(),
    longitudeE6: z.number().int(),
  }),
  /** Register value (Wh) of every connector before its first row: above the largest rollback of the file. */
  registerStartWh: z.number().int().min(0).default(100_000),
});
export type Mapping = z.output<typeof mappingSchema>;

/** Reads and checks a mapping file; every fault is listed at once. */
export function readMapping(path: string): Mapping {
  const parsed = mappingSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${path} is not a mapping:\n${faults.join('\n')}`);
}

function isDateFormat(format: string): boolean {
  try {
    compileDateFormat(format);
    return true;
  } catch {
    return false;
  }
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
