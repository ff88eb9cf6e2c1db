import type { CallContext } from '../../ocpp/handles.decorator.js';
import type { BootNotificationRequest } from '../../ocpp/requests.js';
import { Clock } from '../../sessions/clock.js';
import { NOON_MS, pile } from '../../sessions/testing/session-fixture.js';
import { PileJournal, type ConnectorStatusEntry } from '../pile-journal.js';

export class NoonClock extends Clock {
  override nowMs(): number {
    return NOON_MS;
  }
}

export function contextOf(changes: Partial<CallContext> = {}): CallContext {
  return {
    chargePoint: pile('CP-1'),
    messageId: 'm-1',
    rawFrame: '[2,"m-1","X",{}]',
    receivedAtMs: NOON_MS,
    flags: [],
    schemaValid: true,
    ...changes,
  };
}

/** Remembers what it was told, in order; `log` may be shared to see the order over several fakes. */
export class MemoryJournal extends PileJournal {
  constructor(readonly log: unknown[] = []) {
    super();
  }
  override async boot(chargePointId: string, request: BootNotificationRequest, atMs: number): Promise<void> {
    this.log.push(['boot', chargePointId, request, atMs]);
  }
  override async status(entry: ConnectorStatusEntry): Promise<void> {
    this.log.push(['status', entry]);
  }
  override async firmwareStatus(chargePointId: string, status: string): Promise<void> {
    this.log.push(['firmware', chargePointId, status]);
  }
  override async diagnosticsStatus(chargePointId: string, status: string): Promise<void> {
    this.log.push(['diagnostics', chargePointId, status]);
  }
}
