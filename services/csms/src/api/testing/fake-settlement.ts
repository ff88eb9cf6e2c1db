import { OPERATION_INPUTS, type OperationName } from '@tallywatt/contracts';
import { notFound } from '../problem.js';
import type { RequestContext } from '../request-context.js';
import { SettlementClient } from '../settlement-client.js';

export interface RecordedCall {
  readonly operation: OperationName;
  readonly context: RequestContext;
  /** As settlement would parse it. */
  readonly input: unknown;
}

/** Answers from a map and parses every input with the operation's schema, as settlement does. */
export class FakeSettlement extends SettlementClient {
  readonly calls: RecordedCall[] = [];
  readonly answers = new Map<OperationName, unknown>();
  metricsText: string | undefined = '';

  async call(operation: OperationName, context: RequestContext, input: object): Promise<unknown> {
    const parsed: unknown = OPERATION_INPUTS[operation].parse(JSON.parse(JSON.stringify(input)));
    this.calls.push({ operation, context, input: parsed });
    const answer = this.answers.get(operation);
    if (answer instanceof Error) throw answer;
    if (typeof answer === 'function') return answer(parsed, context);
    if (answer !== undefined) return answer;
    if (operation === 'getStation') return { operation, operatorId: context.principal.organisation };
    return operation.startsWith('list') ? { data: [], nextCursor: null } : { operation };
  }

  metrics(): Promise<string | undefined> {
    return Promise.resolve(this.metricsText);
  }

  /** The owner's answer, and for everybody else the answer of a nonexistent id. */
  ownedBy(organisations: readonly string[], answer: unknown): (input: unknown, context: RequestContext) => unknown {
    return (_input, context) => {
      if (organisations.includes(context.principal.organisation)) return answer;
      throw notFound();
    };
  }
}
