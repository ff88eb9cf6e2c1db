import { CHARGE_POINT_ID_PATTERN, ID_TAG_LENGTH_MAX, LEDGER_ID_PATTERN } from '@tallywatt/contracts';
import { z } from 'zod';

/** Schemas of path ids. What does not fit cannot exist, so the pipe answers 404. */
export const chargePointIdParam = z.string().regex(CHARGE_POINT_ID_PATTERN);
export const ledgerIdParam = z.string().regex(LEDGER_ID_PATTERN);
export const uuidParam = z.uuid();
export const idTagParam = z.string().min(1).max(ID_TAG_LENGTH_MAX);
export const blockNumberParam = z
  .string()
  .regex(/^[0-9]{1,15}$/)
  .transform(Number);
export const txIdParam = z.string().regex(/^[0-9a-f]{64}$/);
