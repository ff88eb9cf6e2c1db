import type * as In from './requests.js';
import type * as Out from './command-messages.js';

/** The closed map of what a pile may call: Core, and the two status messages of Firmware Management. */
export interface Requests {
  Authorize: In.AuthorizeRequest;
  BootNotification: In.BootNotificationRequest;
  DataTransfer: In.DataTransferRequest;
  DiagnosticsStatusNotification: In.DiagnosticsStatusNotificationRequest;
  FirmwareStatusNotification: In.FirmwareStatusNotificationRequest;
  Heartbeat: In.HeartbeatRequest;
  MeterValues: In.MeterValuesRequest;
  StartTransaction: In.StartTransactionRequest;
  StatusNotification: In.StatusNotificationRequest;
  StopTransaction: In.StopTransactionRequest;
}
export interface Responses {
  Authorize: In.AuthorizeResponse;
  BootNotification: In.BootNotificationResponse;
  DataTransfer: In.DataTransferResponse;
  DiagnosticsStatusNotification: In.EmptyMessage;
  FirmwareStatusNotification: In.EmptyMessage;
  Heartbeat: In.HeartbeatResponse;
  MeterValues: In.EmptyMessage;
  StartTransaction: In.StartTransactionResponse;
  StatusNotification: In.EmptyMessage;
  StopTransaction: In.StopTransactionResponse;
}
export type Action = keyof Requests & keyof Responses;

/** What the Central System may call: Core and Remote Trigger. */
export interface CommandRequests {
  ChangeAvailability: Out.ChangeAvailabilityRequest;
  ChangeConfiguration: Out.ChangeConfigurationRequest;
  ClearCache: In.EmptyMessage;
  DataTransfer: In.DataTransferRequest;
  GetConfiguration: Out.GetConfigurationRequest;
  RemoteStartTransaction: Out.RemoteStartTransactionRequest;
  RemoteStopTransaction: Out.RemoteStopTransactionRequest;
  Reset: Out.ResetRequest;
  TriggerMessage: Out.TriggerMessageRequest;
  UnlockConnector: Out.UnlockConnectorRequest;
}
export interface CommandResponses {
  ChangeAvailability: Out.ChangeAvailabilityResponse;
  ChangeConfiguration: Out.ChangeConfigurationResponse;
  ClearCache: Out.AcceptedOrRejectedResponse;
  DataTransfer: In.DataTransferResponse;
  GetConfiguration: Out.GetConfigurationResponse;
  RemoteStartTransaction: Out.AcceptedOrRejectedResponse;
  RemoteStopTransaction: Out.AcceptedOrRejectedResponse;
  Reset: Out.AcceptedOrRejectedResponse;
  TriggerMessage: Out.TriggerMessageResponse;
  UnlockConnector: Out.UnlockConnectorResponse;
}
export type CommandAction = keyof CommandRequests & keyof CommandResponses;

const ACTION_MAP: Readonly<Record<Action, true>> = {
  Authorize: true,
  BootNotification: true,
  DataTransfer: true,
  DiagnosticsStatusNotification: true,
  FirmwareStatusNotification: true,
  Heartbeat: true,
  MeterValues: true,
  StartTransaction: true,
  StatusNotification: true,
  StopTransaction: true,
};
const COMMAND_ACTION_MAP: Readonly<Record<CommandAction, true>> = {
  ChangeAvailability: true,
  ChangeConfiguration: true,
  ClearCache: true,
  DataTransfer: true,
  GetConfiguration: true,
  RemoteStartTransaction: true,
  RemoteStopTransaction: true,
  Reset: true,
  TriggerMessage: true,
  UnlockConnector: true,
};

export function isAction(name: string): name is Action {
  return Object.hasOwn(ACTION_MAP, name);
}
export function isCommandAction(name: string): name is CommandAction {
  return Object.hasOwn(COMMAND_ACTION_MAP, name);
}
export const ACTIONS: readonly Action[] = Object.keys(ACTION_MAP).filter(isAction);
export const COMMAND_ACTIONS: readonly CommandAction[] = Object.keys(COMMAND_ACTION_MAP).filter(isCommandAction);

export type TransactionAction = 'StartTransaction' | 'StopTransaction' | 'MeterValues';
/** Messages that a charger discards when they are refused: never a CALLERROR for what their values say (ocpp.md). */
export function isTransactionAction(name: string): name is TransactionAction {
  return name === 'StartTransaction' || name === 'StopTransaction' || name === 'MeterValues';
}
