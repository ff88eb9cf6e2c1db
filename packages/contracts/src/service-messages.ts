import type { Principal } from './principal.js';

/** @nestjs/microservices pattern under which settlement answers every operation of `/v1` that it owns. */
export const OPERATION_PATTERN = 'settlement.operation';
/** Event pattern: settlement tells csms that its views moved. A hint; losing it loses nothing. */
export const LEDGER_MOVED_EVENT = 'settlement.ledger-moved';
/** Event pattern: csms tells settlement that facts were added. A hint beside the queue. */
export const OPERATION_TIMEOUT_MS = 30_000;

/** One request from csms to settlement. `input` is validated by settlement with the schema of `operation`. */
export interface OperationMessage {
  readonly operation: string;
  readonly principal: Principal;
  readonly requestId: string;
  readonly input: unknown;
}

/** Payload of {@link LEDGER_MOVED_EVENT}. */
export interface LedgerMoved {
  readonly blockNumber: string;
}
