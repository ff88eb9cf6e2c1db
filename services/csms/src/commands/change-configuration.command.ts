import { isSecretKey, type CommandDefinition } from './command-definition.js';

/** OCPP 1.6 section 5.3: `RebootRequired` means stored, in force after the next boot. */
export const changeConfiguration: CommandDefinition<'ChangeConfiguration'> = {
  action: 'ChangeConfiguration',
  // A pile's password would be stored with the command and shown in the live log.
  check: ({ key }) => (isSecretKey(key) ? 'a secret is not sent as a command' : undefined),
  read: ({ status }) => (status === 'Accepted' || status === 'RebootRequired' ? 'accepted' : 'rejected'),
};
