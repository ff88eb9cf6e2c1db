import { Injectable } from '@nestjs/common';
import { isCommandAction, type CommandAction } from '../ocpp/actions.js';
import { readLeniently } from '../ocpp/leniency.js';
import { asCommandRequest, asCommandResponse } from '../ocpp/message-codec.js';
import type { OcppErrorCode } from '../ocpp/ocpp-error.js';
import { SchemaValidator } from '../ocpp/schema-validator.js';
import { changeAvailability } from './change-availability.command.js';
import { changeConfiguration } from './change-configuration.command.js';
import { clearCache } from './clear-cache.command.js';
import type { CommandDefinition } from './command-definition.js';
import { dataTransfer } from './data-transfer.command.js';
import { getConfiguration } from './get-configuration.command.js';
import { remoteStartTransaction } from './remote-start-transaction.command.js';
import { remoteStopTransaction } from './remote-stop-transaction.command.js';
import { reset } from './reset.command.js';
import { triggerMessage } from './trigger-message.command.js';
import { unlockConnector } from './unlock-connector.command.js';

/** Complete by type: a new command action does not compile without its definition. */
const DEFINITIONS: { readonly [A in CommandAction]: CommandDefinition<A> } = {
  ChangeAvailability: changeAvailability,
  ChangeConfiguration: changeConfiguration,
  ClearCache: clearCache,
  DataTransfer: dataTransfer,
  GetConfiguration: getConfiguration,
  RemoteStartTransaction: remoteStartTransaction,
  RemoteStopTransaction: remoteStopTransaction,
  Reset: reset,
  TriggerMessage: triggerMessage,
  UnlockConnector: unlockConnector,
};

export type CheckedCommand =
  | { readonly action: CommandAction; readonly payload: object }
  | { readonly fault: 'unknown-action' | 'bad-payload'; readonly message: string };
export type ReadAnswer =
  { readonly state: 'accepted' | 'rejected' } | { readonly state: 'error'; readonly code: OcppErrorCode };

/** The commands that exist: validates what a person wants to send and what the pile says to it. */
@Injectable()
export class CommandCatalog {
  constructor(private readonly schemas: SchemaValidator) {}

  check(action: string, payload: unknown): CheckedCommand {
    if (!isCommandAction(action)) return { fault: 'unknown-action', message: 'This action is no command.' };
    const violation = this.schemas.fault(action, 'req', payload);
    if (violation !== undefined)
      return { fault: 'bad-payload', message: `The payload does not fit the OCPP 1.6 schema: ${violation}.` };
    const request = asCommandRequest(action, payload);
    const fault = definitionOf(action).check(request);
    return fault === undefined ? { action, payload: request } : { fault: 'bad-payload', message: fault };
  }

  /** An answer that even leniency cannot read ends the command as an error of the pile. */
  read(action: CommandAction, payload: unknown): ReadAnswer {
    let answer = payload;
    if (this.schemas.fault(action, 'conf', payload) !== undefined) {
      const lenient = readLeniently(this.schemas.schemaOf(action, 'conf'), payload);
      if ('fault' in lenient) return { state: 'error', code: lenient.fault };
      answer = lenient.payload;
    }
    return { state: definitionOf(action).read(asCommandResponse(action, answer)) };
  }

  /** What of an answer may be stored and shown. */
  redact(action: CommandAction, payload: unknown): unknown {
    return definitionOf(action).redact?.(payload) ?? payload;
  }
}

function definitionOf<A extends CommandAction>(action: A): CommandDefinition<A> {
  return DEFINITIONS[action];
}
