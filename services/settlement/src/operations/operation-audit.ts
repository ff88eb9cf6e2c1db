import type { Principal } from '@tallywatt/contracts';

/** Who asked for a change, when, with what, and how it ended (finance.md section 1: append-only). */
export interface AuditedOperation {
  readonly atMs: number;
  readonly requestId: string;
  readonly operation: string;
  readonly principal: Principal;
  readonly input: unknown;
  /** `ok`, or the problem's code. */
  readonly outcome: string;
}

export abstract class OperationAudit {
  abstract append(entry: AuditedOperation): Promise<void>;
}
