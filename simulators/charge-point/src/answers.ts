import { z } from 'zod';

/** What a pile reads of the central system's answers; anything else in them is ignored. */
const idTagInfo = z.object({ status: z.enum(['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx']) });

export const authorizeAnswer = z.object({ idTagInfo });
export const startTransactionAnswer = z.object({ transactionId: z.int(), idTagInfo });
export const bootNotificationAnswer = z.object({
  status: z.enum(['Accepted', 'Pending', 'Rejected']),
  currentTime: z.string(),
  interval: z.int(),
});
export type AuthorizationStatus = z.output<typeof idTagInfo>['status'];
