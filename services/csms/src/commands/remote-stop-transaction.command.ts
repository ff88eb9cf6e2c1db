import { acceptedOrRejected, type CommandDefinition } from './command-definition.js';

/** OCPP 1.6 section 5.12; transaction ids of this system are positive. */
export const remoteStopTransaction: CommandDefinition<'RemoteStopTransaction'> = {
  action: 'RemoteStopTransaction',
  check: ({ transactionId }) => (transactionId > 0 ? undefined : 'transactionId must be positive'),
  read: acceptedOrRejected,
};
