/** Payloads of the calls that a pile makes, and our answers (OCPP 1.6 edition 2, sections 4, 6 and 7). */

export type EmptyMessage = Record<string, never>;
export type HeartbeatRequest = EmptyMessage;

export type AuthorizationStatus = 'Accepted' | 'Blocked' | 'Expired' | 'Invalid' | 'ConcurrentTx';
export interface IdTagInfo {
  readonly status: AuthorizationStatus;
  /** RFC 3339. */
  readonly expiryDate?: string;
  readonly parentIdTag?: string;
}

export interface AuthorizeRequest {
  readonly idTag: string;
}
export interface AuthorizeResponse {
  readonly idTagInfo: IdTagInfo;
}

export interface BootNotificationRequest {
  readonly chargePointVendor: string;
  readonly chargePointModel: string;
  readonly chargePointSerialNumber?: string;
  readonly chargeBoxSerialNumber?: string;
  readonly firmwareVersion?: string;
  readonly iccid?: string;
  readonly imsi?: string;
  readonly meterType?: string;
  readonly meterSerialNumber?: string;
}
export interface BootNotificationResponse {
  readonly status: 'Accepted' | 'Pending' | 'Rejected';
  readonly currentTime: string;
  /** Heartbeat interval in seconds. */
  readonly interval: number;
}

export interface HeartbeatResponse {
  readonly currentTime: string;
}

export interface StatusNotificationRequest {
  readonly connectorId: number;
  readonly errorCode: string;
  readonly status:
    | 'Available'
    | 'Preparing'
    | 'Charging'
    | 'SuspendedEVSE'
    | 'SuspendedEV'
    | 'Finishing'
    | 'Reserved'
    | 'Unavailable'
    | 'Faulted';
  readonly info?: string;
  readonly timestamp?: string;
  readonly vendorId?: string;
  readonly vendorErrorCode?: string;
}

export interface DataTransferRequest {
  readonly vendorId: string;
  readonly messageId?: string;
  readonly data?: string;
}
export interface DataTransferResponse {
  readonly status: 'Accepted' | 'Rejected' | 'UnknownMessageId' | 'UnknownVendorId';
  readonly data?: string;
}

export interface DiagnosticsStatusNotificationRequest {
  readonly status: 'Idle' | 'Uploaded' | 'UploadFailed' | 'Uploading';
}
export interface FirmwareStatusNotificationRequest {
  readonly status:
    'Downloaded' | 'DownloadFailed' | 'Downloading' | 'Idle' | 'InstallationFailed' | 'Installing' | 'Installed';
}

export interface SampledValue {
  /** Decimal string, or signed data. */
  readonly value: string;
  readonly context?: string;
  readonly format?: 'Raw' | 'SignedData';
  /** Absent means `Energy.Active.Import.Register`. */
  readonly measurand?: string;
  readonly phase?: string;
  readonly location?: string;
  /** Absent means Wh for an energy measurand. */
  readonly unit?: string;
}
export interface MeterValue {
  readonly timestamp: string;
  readonly sampledValue: readonly SampledValue[];
}

/**
 * The three transaction messages. When `CallContext.schemaValid` is false, the object may be anything that JSON allows.
 * When it is true and `CallContext.flags` has `bad_timestamp`, a timestamp is text that {@link parseTimestamp} refuses.
 */
export interface MeterValuesRequest {
  readonly connectorId: number;
  readonly transactionId?: number;
  readonly meterValue: readonly MeterValue[];
}
export interface StartTransactionRequest {
  readonly connectorId: number;
  readonly idTag: string;
  /** Wh */
  readonly meterStart: number;
  readonly timestamp: string;
  readonly reservationId?: number;
}
export interface StartTransactionResponse {
  readonly transactionId: number;
  readonly idTagInfo: IdTagInfo;
}
export interface StopTransactionRequest {
  readonly transactionId: number;
  /** Wh */
  readonly meterStop: number;
  readonly timestamp: string;
  readonly idTag?: string;
  readonly reason?: string;
  readonly transactionData?: readonly MeterValue[];
}
export interface StopTransactionResponse {
  readonly idTagInfo?: IdTagInfo;
}
