import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { ClientProxyFactory, type ClientOptions, type ClientProxy } from '@nestjs/microservices';
import {
  OPERATION_PATTERN,
  OPERATION_TIMEOUT_MS,
  type OperationMessage,
  type OperationName,
} from '@tallywatt/contracts';
import { TimeoutError, firstValueFrom, timeout } from 'rxjs';
import { z } from 'zod';
import { ProblemError } from './problem.js';
import type { RequestContext } from './request-context.js';
import { SettlementClient } from './settlement-client.js';

/** Pattern under which settlement answers with its Prometheus text. */
export const SETTLEMENT_METRICS_PATTERN = 'settlement.metrics';
/** A scrape has ten seconds in all; our own figures must not wait for the neighbour's. */
const METRICS_TIMEOUT_MS = 2_000;

const problem = z.object({
  code: z.string(),
  status: z.number().int().min(400).max(599),
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() })).optional(),
  retryable: z.boolean().optional(),
});
const answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), problem }),
]);

/** {@link SettlementClient} over Nest's TCP or Redis transport; every send has a time limit, which Redis has not. */
@Injectable()
export class RemoteSettlementClient extends SettlementClient implements OnModuleDestroy {
  private readonly proxy: ClientProxy;
  private readonly logger = new Logger('settlement-client');

  constructor(options: ClientOptions) {
    super();
    this.proxy = ClientProxyFactory.create(options);
  }

  async call(operation: OperationName, context: RequestContext, input: object): Promise<unknown> {
    const message: OperationMessage = { operation, ...context, input };
    const reply = answer.safeParse(await this.send(OPERATION_PATTERN, message, OPERATION_TIMEOUT_MS));
    if (!reply.success) throw unavailable('settlement_unavailable', 503);
    if (!reply.data.ok) throw new ProblemError(withoutUndefined(reply.data.problem));
    return reply.data.value;
  }

  async metrics(): Promise<string | undefined> {
    const text = await this.send(SETTLEMENT_METRICS_PATTERN, {}, METRICS_TIMEOUT_MS).catch(() => undefined);
    return typeof text === 'string' ? text : undefined;
  }

  onModuleDestroy(): void {
    this.proxy.close();
  }

  private async send(pattern: string, message: unknown, timeoutMs: number): Promise<unknown> {
    try {
      return await firstValueFrom(this.proxy.send<unknown>(pattern, message).pipe(timeout(timeoutMs)));
    } catch (fault) {
      this.logger.warn({ pattern, fault: fault instanceof Error ? fault.message : 'refused' });
      if (fault instanceof TimeoutError) throw unavailable('settlement_timeout', 504);
      throw unavailable('settlement_unavailable', 503);
    }
  }
}

function unavailable(code: string, status: number): ProblemError {
  const title = 'The settlement service did not answer; nothing is known to have changed.';
  return new ProblemError({ code, status, title, retryable: true });
}

/** zod gives optional fields as `undefined`, the contract leaves them out. */
function withoutUndefined({
  detail,
  errors,
  retryable,
  ...required
}: z.output<typeof problem>): ProblemError['problem'] {
  return {
    ...required,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
    ...(retryable === undefined ? {} : { retryable }),
  };
}
