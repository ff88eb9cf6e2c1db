import type { OperationName, PageView } from '@tallywatt/contracts';
import { z } from 'zod';
import type { RequestContext } from './request-context.js';

/** The settlement service as the API sees it: one question at a time, answers are the API's JSON bodies. */
export abstract class SettlementClient {
  /**
   * `input` is what the operation's schema in contracts takes; settlement validates it again.
   * @throws ProblemError as settlement refused, or 503 `settlement_unavailable`, 504 `settlement_timeout`
   */
  abstract call(operation: OperationName, context: RequestContext, input: object): Promise<unknown>;
  /** Prometheus text of the settlement process, undefined when it cannot be reached. */
  abstract metrics(): Promise<string | undefined>;
}

const pageAnswer = z.object({
  data: z.array(z.unknown()),
  nextCursor: z.string().nullable(),
  total: z.number().int().optional(),
});

/** A list operation's answer. A body that is no page is a fault of ours, not of the client. */
export async function callList<Q extends { readonly count?: boolean | undefined }>(
  client: SettlementClient,
  operation: OperationName,
  context: RequestContext,
  query: Q,
): Promise<PageView<unknown>> {
  // Settlement parses the query's text form again, and a flag's text form is not a boolean.
  const input = { ...query, ...(query.count === undefined ? {} : { count: String(query.count) }) };
  const { data, nextCursor, total } = pageAnswer.parse(await client.call(operation, context, input));
  return { data, nextCursor, ...(total === undefined ? {} : { total }) };
}
