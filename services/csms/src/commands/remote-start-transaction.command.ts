import { acceptedOrRejected, connectorFault, type CommandDefinition } from './command-definition.js';

/** OCPP 1.6 section 5.11. Whether the driver may charge is decided by command.service before it is sent. */
export const remoteStartTransaction: CommandDefinition<'RemoteStartTransaction'> = {
  action: 'RemoteStartTransaction',
  check: ({ connectorId, chargingProfile }) => connectorFault(connectorId, 1) ?? profileFault(chargingProfile),
  read: acceptedOrRejected,
};

function profileFault(profile: object | undefined): string | undefined {
  if (profile === undefined) return undefined;
  if (!('chargingProfilePurpose' in profile) || profile.chargingProfilePurpose !== 'TxProfile') {
    return 'chargingProfile must have the purpose TxProfile';
  }
  // The transaction does not exist yet.
  return 'transactionId' in profile ? 'chargingProfile must not name a transactionId' : undefined;
}
