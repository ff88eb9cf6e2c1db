/** Payloads of the calls that the Central System makes, and the piles' answers (OCPP 1.6 edition 2, section 5). */

export interface AcceptedOrRejectedResponse {
  readonly status: 'Accepted' | 'Rejected';
}

export interface ChangeAvailabilityRequest {
  /** 0 = the whole pile. */
  readonly connectorId: number;
  readonly type: 'Inoperative' | 'Operative';
}
export interface ChangeAvailabilityResponse {
  /** `Scheduled` = once the running transaction has ended: success. */
  readonly status: 'Accepted' | 'Rejected' | 'Scheduled';
}

export interface ChangeConfigurationRequest {
  readonly key: string;
  readonly value: string;
}
export interface ChangeConfigurationResponse {
  readonly status: 'Accepted' | 'Rejected' | 'RebootRequired' | 'NotSupported';
}

export interface GetConfigurationRequest {
  /** Absent = every key. */
  readonly key?: readonly string[];
}
export interface ConfigurationKey {
  readonly key: string;
  readonly readonly: boolean;
  readonly value?: string;
}
export interface GetConfigurationResponse {
  readonly configurationKey?: readonly ConfigurationKey[];
  readonly unknownKey?: readonly string[];
}

export interface RemoteStartTransactionRequest {
  readonly idTag: string;
  readonly connectorId?: number;
  readonly chargingProfile?: object;
}
export interface RemoteStopTransactionRequest {
  readonly transactionId: number;
}

export interface ResetRequest {
  readonly type: 'Hard' | 'Soft';
}

export interface TriggerMessageRequest {
  readonly requestedMessage:
    | 'BootNotification'
    | 'DiagnosticsStatusNotification'
    | 'FirmwareStatusNotification'
    | 'Heartbeat'
    | 'MeterValues'
    | 'StatusNotification';
  readonly connectorId?: number;
}
export interface TriggerMessageResponse {
  readonly status: 'Accepted' | 'Rejected' | 'NotImplemented';
}

export interface UnlockConnectorRequest {
  readonly connectorId: number;
}
export interface UnlockConnectorResponse {
  readonly status: 'Unlocked' | 'UnlockFailed' | 'NotSupported';
}
