import type { Meter } from './meter.js';

/** OCPP 1.6 section 7.7, ChargePointStatus, as far as this pile has them. */
export type ConnectorStatus = 'Available' | 'Preparing' | 'Charging' | 'Finishing' | 'Unavailable' | 'Faulted';

/** What is running on a connector. */
export interface RunningSession {
  readonly idTag: string;
  readonly startMs: number;
  readonly meterStartWh: number;
  /** -1 until StartTransaction is answered. */
  transactionId: number;
  /** Aborted to end the session; the reason is a StopReason. */
  readonly ending: AbortController;
}

/** One outlet of a pile. */
export class Connector {
  status: ConnectorStatus = 'Available';
  operative = true;
  /** ChangeAvailability that waits for the end of the session. */
  scheduledOperative: boolean | undefined;
  session: RunningSession | undefined;

  constructor(
    readonly connectorId: number,
    readonly meter: Meter,
  ) {}

  get free(): boolean {
    return this.operative && this.session === undefined;
  }

  /** Returns OCPP's answer: `Scheduled` when a session is running. */
  changeAvailability(operative: boolean): 'Accepted' | 'Scheduled' {
    if (this.session !== undefined && operative !== this.operative) {
      this.scheduledOperative = operative;
      return 'Scheduled';
    }
    this.operative = operative;
    this.scheduledOperative = undefined;
    return 'Accepted';
  }

  /** After a session: what was scheduled takes effect. Returns the status to report. */
  release(): ConnectorStatus {
    this.session = undefined;
    this.operative = this.scheduledOperative ?? this.operative;
    this.scheduledOperative = undefined;
    return this.idleStatus;
  }

  get idleStatus(): ConnectorStatus {
    return this.operative ? 'Available' : 'Unavailable';
  }
}
