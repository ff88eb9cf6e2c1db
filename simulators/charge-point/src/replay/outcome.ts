import { z } from 'zod';

/** What the replay reads of a `SessionView`. */
export const sessionView = z.object({
  id: z.string(),
  transactionId: z.int(),
  chargePointId: z.string(),
  status: z.enum(['open', 'closed', 'refused']),
  authorization: z.string(),
  holdReason: z.string().nullable(),
  settlement: z
    .object({
      state: z.enum(['pending', 'prepared', 'submitted', 'final', 'invalid', 'quarantined', 'dropped']),
      code: z.string().nullable(),
    })
    .nullable(),
});
export type ReplayedSession = z.output<typeof sessionView>;

/** Exactly one per row. `unaccounted` is what must not be. */
export type RowClass =
  | { readonly kind: 'final' }
  | { readonly kind: 'quarantined'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unaccounted'; readonly reason: string };

/** The class of a row, from what the central system says about its session. */
export function classify(session: ReplayedSession | undefined): RowClass {
  if (session === undefined) return { kind: 'unaccounted', reason: 'no_session' };
  if (session.status === 'refused') return { kind: 'refused', reason: session.authorization };
  const { settlement, holdReason } = session;
  if (settlement === null)
    return { kind: 'unaccounted', reason: session.status === 'open' ? 'still_open' : 'no_settlement' };
  switch (settlement.state) {
    case 'final':
      return { kind: 'final' };
    case 'quarantined':
    case 'dropped':
      return { kind: 'quarantined', reason: holdReason ?? settlement.code ?? 'unknown' };
    case 'pending':
    case 'prepared':
    case 'submitted':
    case 'invalid':
      return { kind: 'unaccounted', reason: settlement.code ?? settlement.state };
  }
}

/** As the classes file writes it: `final`, `quarantined:implausible_power`, `refused:Invalid`. */
export function classText(rowClass: RowClass): string {
  return rowClass.kind === 'final' ? 'final' : `${rowClass.kind}:${rowClass.reason}`;
}
