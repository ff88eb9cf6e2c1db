import { connectorFault, type CommandDefinition } from './command-definition.js';

/** OCPP 1.6 section 5.18: 0 is no connector that has a lock. */
export const unlockConnector: CommandDefinition<'UnlockConnector'> = {
  action: 'UnlockConnector',
  check: ({ connectorId }) => connectorFault(connectorId, 1),
  read: ({ status }) => (status === 'Unlocked' ? 'accepted' : 'rejected'),
};
