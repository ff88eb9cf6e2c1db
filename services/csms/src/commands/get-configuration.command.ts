import { isJsonObject } from '../ocpp/message-codec.js';
import { isSecretKey, noFault, type CommandDefinition } from './command-definition.js';

/** OCPP 1.6 section 5.8: has no status; unknown keys are part of a good answer. */
export const getConfiguration: CommandDefinition<'GetConfiguration'> = {
  action: 'GetConfiguration',
  check: noFault,
  read: () => 'accepted',
  redact: (response) => {
    const keys = isJsonObject(response) ? response['configurationKey'] : undefined;
    return isJsonObject(response) && Array.isArray(keys)
      ? { ...response, configurationKey: keys.map(withoutSecret) }
      : response;
  },
};

/** The standard calls AuthorizationKey write-only; not every pile knows. */
function withoutSecret(entry: unknown): unknown {
  return isJsonObject(entry) && typeof entry['key'] === 'string' && isSecretKey(entry['key'])
    ? { ...entry, value: '***' }
    : entry;
}
