import { acceptedOrRejected, noFault, type CommandDefinition } from './command-definition.js';

/** OCPP 1.6 section 5.6: an unknown vendor or message is a rejection by the pile. */
export const dataTransfer: CommandDefinition<'DataTransfer'> = {
  action: 'DataTransfer',
  check: noFault,
  read: acceptedOrRejected,
};
