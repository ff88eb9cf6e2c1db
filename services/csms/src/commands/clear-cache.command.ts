import { acceptedOrRejected, noFault, type CommandDefinition } from './command-definition.js';

/** OCPP 1.6 section 5.4. */
export const clearCache: CommandDefinition<'ClearCache'> = {
  action: 'ClearCache',
  check: noFault,
  read: acceptedOrRejected,
};
