/** The central system answered with CALLERROR. */
export class CallRefusedError extends Error {
  override readonly name = 'CallRefusedError';
  constructor(
    readonly action: string,
    readonly code: string,
    description: string,
  ) {
    super(`${action}: ${code} ${description}`);
  }
}

/** No answer: the connection went away, or the time ran out. Whether the call arrived is unknown. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  constructor(
    readonly action: string,
    reason: string,
  ) {
    super(`${action}: no answer (${reason})`);
  }
}

/** The central system does not let this pile in: retrying the same credentials cannot help. */
export class NotAdmittedError extends Error {
  override readonly name = 'NotAdmittedError';
  constructor(
    readonly chargePointId: string,
    readonly httpStatus: number,
  ) {
    super(`${chargePointId} is refused by the central system (HTTP ${httpStatus})`);
  }
}

/** What a pile needs of its connection; faults decorate it. */
export interface PileLink {
  /** Sends a CALL and returns the CALLRESULT's payload. Throws {@link CallRefusedError} or {@link NoAnswerError}. */
  call(action: string, payload: object): Promise<unknown>;
  /** As {@link call}, with a message id of one's own: for piles whose counters restart, or repeat. */
  callAs(messageId: string, action: string, payload: object): Promise<unknown>;
  /** As {@link callAs}, with text as the payload, which need not be JSON. */
  callRaw(messageId: string, action: string, payload: string): Promise<unknown>;
  /** Leaves the socket open and never connects again by itself. */
  abandon(): void;
  /** Sends the newest CALL frame of `action` once more, byte for byte, and waits for no answer. */
  repeatFrame(action: string): void;
  /** Cuts the socket without a close frame and connects again after `offlineMs`. */
  reconnect(offlineMs: number): Promise<void>;
  connect(): Promise<void>;
  close(): Promise<void>;
  readonly connected: boolean;
}
