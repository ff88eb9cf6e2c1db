import { Logger } from '@nestjs/common';
import type { Answer, Principal, Problem } from '@tallywatt/contracts';
import { z } from 'zod';
import { ROLES } from '@tallywatt/contracts';
import type { Clock } from '../clock.js';
import { LedgerError } from '../ledger/ledger.port.js';
import { ledgerProblem } from './ledger-problems.js';
import type { OperationAudit } from './operation-audit.js';
import type { Operation } from './operation.js';
import type { OperationRegistry } from './operation-registry.js';
import { isSupervision } from './principal-caller.js';
import { forbiddenRole, notFound, OperationRefusal } from './refusal.js';

/** What arrives over the wire: csms is trusted for who asks, but not for the shape of its messages. */
const message = z.object({
  operation: z.string().max(64),
  principal: z.object({
    role: z.enum(ROLES),
    organisation: z.string().min(1).max(64),
    evId: z.string().optional(),
    name: z.string(),
  }),
  requestId: z.string().max(200),
  input: z.unknown(),
});
type Message = z.output<typeof message>;

/** The one way into the operations: shape, role, run, and every refusal as a problem with a stable code. */
export class OperationDispatcher {
  private readonly logger = new Logger(OperationDispatcher.name);

  constructor(
    private readonly registry: OperationRegistry,
    private readonly audit: OperationAudit,
    private readonly clock: Clock,
  ) {}

  /** Never throws: what went wrong is the answer. */
  async answer(received: unknown): Promise<Answer<unknown>> {
    const asked = message.safeParse(received);
    if (!asked.success)
      return refused({ code: 'invalid_message', status: 400, title: 'The message is not an operation.' });
    const operation = this.registry.find(asked.data.operation);
    if (operation === undefined) return refused(notFound().problem);
    const answer = await this.run(operation, asked.data);
    if (!operation.writes) return answer;
    return this.written(asked.data, answer);
  }

  private async run(operation: Operation, { principal, input, requestId }: Message): Promise<Answer<unknown>> {
    const who = principalOf(principal);
    try {
      if (!operation.roles.includes(who.role)) throw forbiddenRole();
      if (who.role === 'supervisor' && !isSupervision(who)) throw forbiddenRole();
      return { ok: true, value: await operation.run(input, who) };
    } catch (error) {
      if (error instanceof OperationRefusal) return refused(error.problem);
      if (error instanceof LedgerError) return refused(ledgerProblem(error));
      this.logger.error({ message: 'operation failed', operation: operation.name, requestId, error: String(error) });
      const title = 'Settlement could not do this; nothing is known to have changed.';
      return refused({ code: 'internal', status: 500, title, retryable: true });
    }
  }

  /** A change that is done stays done, whatever becomes of its audit line. */
  private async written(asked: Message, answer: Answer<unknown>): Promise<Answer<unknown>> {
    const { operation, requestId, input } = asked;
    const outcome = answer.ok ? 'ok' : answer.problem.code;
    const entry = {
      atMs: this.clock.nowMs(),
      requestId,
      operation,
      principal: principalOf(asked.principal),
      input,
      outcome,
    };
    await this.audit.append(entry).catch((error: unknown) => {
      this.logger.error({ message: 'audit line not stored', operation, requestId, outcome, error: String(error) });
    });
    return answer;
  }
}

function principalOf({ evId, ...principal }: Message['principal']): Principal {
  return evId === undefined ? principal : { ...principal, evId };
}

function refused(problem: Problem): Answer<unknown> {
  return { ok: false, problem };
}
