import type { ClientOptions } from '@nestjs/microservices';

/** What the HTTP side needs of the configuration; a global module provides it under this class as token. */
export abstract class ApiConfig {
  /** How the settlement service is reached. */
  abstract readonly settlement: ClientOptions;
  /** `ws://HOST:9000`: where piles connect, shown with a new password. */
  abstract readonly ocppUrl: string;
  /** PILE_KEY_PEPPER: key of the HMAC over issued pile keys. */
  abstract readonly pepper: Buffer;
}
