import type { BootNotificationRequest, StatusNotificationRequest } from '../ocpp/requests.js';

/** The newest word of a connector, or of the pile itself (connector 0). */
export interface ConnectorStatusEntry {
  readonly chargePointId: string;
  readonly request: StatusNotificationRequest;
  /** The pile's time when credible, else the time of arrival. */
  readonly statusAtMs: number;
  readonly receivedAtMs: number;
}

/** What piles say about themselves. All methods resolve after the commit and throw StoreUnavailableError in an outage. */
export abstract class PileJournal {
  abstract boot(chargePointId: string, request: BootNotificationRequest, atMs: number): Promise<void>;
  abstract status(entry: ConnectorStatusEntry): Promise<void>;
  abstract firmwareStatus(chargePointId: string, status: string): Promise<void>;
  abstract diagnosticsStatus(chargePointId: string, status: string): Promise<void>;
}
