import type { PageView } from '@tallywatt/contracts';
import type { Scope } from './auth/scope.js';
import type { RequestContext } from './request-context.js';

export interface AuditView {
  readonly id: string;
  readonly at: string;
  readonly organisation: string;
  readonly role: string;
  readonly name: string;
  readonly action: string;
  /** Id of the pile, settlement, break or account that was acted on. */
  readonly subject: string;
  /** What was decided; never a secret. */
  readonly detail: unknown;
  readonly requestId: string;
}

/** Append-only record of what people did; the supervision organisation reads all of it, others their own. */
export abstract class AuditLog {
  abstract record(caller: RequestContext, action: string, subject: string, detail: object): Promise<void>;
  abstract list(
    scope: Scope,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<PageView<AuditView>>;
}
