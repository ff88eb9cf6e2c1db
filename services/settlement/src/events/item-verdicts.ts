import { type ItemVerdict, RATE_BATCH_EVENT, SETTLE_BATCH_EVENT } from '@tallywatt/contracts';
import { z } from 'zod';

const itemVerdicts = z.array(
  z.object({
    settlementId: z.string(),
    verdict: z.enum(['settled', 'rated', 'duplicate', 'conflict', 'rejected']),
    code: z.string().optional(),
  }),
);

/** The verdict per item that a batch's event carries; empty for other transactions. @throws when the payload is none. */
export function itemVerdictsOf(
  event: { readonly name: string; readonly payload: Uint8Array } | null,
): readonly ItemVerdict[] {
  if (event === null || (event.name !== SETTLE_BATCH_EVENT && event.name !== RATE_BATCH_EVENT)) return [];
  const parsed = itemVerdicts.parse(JSON.parse(Buffer.from(event.payload).toString('utf8')));
  return parsed.map(({ settlementId, verdict, code }) => ({
    settlementId,
    verdict,
    ...(code === undefined ? {} : { code }),
  }));
}
