import { connectorFault, type CommandDefinition } from './command-definition.js';

/** OCPP 1.6 section 5.2: `Scheduled` happens after the running transaction, and is success. */
export const changeAvailability: CommandDefinition<'ChangeAvailability'> = {
  action: 'ChangeAvailability',
  check: ({ connectorId }) => connectorFault(connectorId, 0),
  read: ({ status }) => (status === 'Rejected' ? 'rejected' : 'accepted'),
};
