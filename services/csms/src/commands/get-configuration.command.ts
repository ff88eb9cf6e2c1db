import { noFault, type CommandDefinition } from './command-definition.js';

/** OCPP 1.6 section 5.8: has no status; unknown keys are part of a good answer. */
export const getConfiguration: CommandDefinition<'GetConfiguration'> = {
  action: 'GetConfiguration',
  check: noFault,
  read: () => 'accepted',
};
