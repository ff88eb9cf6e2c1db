import { acceptedOrRejected, noFault, type CommandDefinition } from './command-definition.js';

/** OCPP 1.6 section 5.14: `Soft` ends transactions first, `Hard` need not. */
export const reset: CommandDefinition<'Reset'> = { action: 'Reset', check: noFault, read: acceptedOrRejected };
