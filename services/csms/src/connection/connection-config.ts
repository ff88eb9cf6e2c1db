import type { RedisTransport } from '@tallywatt/backing-services/redis-transport';
import type { OcppServerOptions } from './ocpp-server.js';

/** What this part needs of the configuration; a global module provides it under this class as token. */
export abstract class ConnectionConfig {
  abstract readonly server: OcppServerOptions;
  /** With it several processes share the piles. */
  abstract readonly redis?: { readonly url: string; readonly transport: RedisTransport };
  /** PILE_KEY_PEPPER: key of the HMAC over issued pile keys. */
  abstract readonly pepper: Buffer;
}
