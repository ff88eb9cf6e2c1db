import { acceptedOrRejected, connectorFault, type CommandDefinition } from './command-definition.js';

/** OCPP 1.6 section 5.17: the message that was asked for comes after the answer, as a call of its own. */
export const triggerMessage: CommandDefinition<'TriggerMessage'> = {
  action: 'TriggerMessage',
  check: ({ connectorId }) => connectorFault(connectorId, 1),
  read: acceptedOrRejected,
};
