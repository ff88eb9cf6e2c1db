import type { CredentialsFile } from '@tallywatt/contracts';
import { KnownFault } from '../embedded-database/errors.js';

/** Loopback, and one ledger transaction at most. */
const REQUEST_MS_MAX = 30_000;

/** Writes through the public API, as the organisations themselves would. */
export class NetworkApi {
  constructor(private readonly credentials: CredentialsFile) {}

  /** Whether a GET finds something; any other refusal is a fault. */
  async exists(path: string, as: { role: string; organisation: string }): Promise<boolean> {
    const response = await fetch(`${this.credentials.api}${path}`, {
      headers: { authorization: `Bearer ${this.tokenOf(as)}` },
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    });
    const answer = await response.text();
    if (response.ok) return true;
    if (response.status === 404) return false;
    throw new KnownFault(`GET ${path} was refused with ${response.status}: ${answer.slice(0, 300)}`);
  }

  /** Writes as one of the first users; an existing resource (409) is what a second start expects. */
  async ensure(
    method: 'POST' | 'PUT',
    path: string,
    as: { role: string; organisation: string },
    body: unknown,
  ): Promise<void> {
    const response = await fetch(`${this.credentials.api}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.tokenOf(as)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    });
    const answer = await response.text();
    if (response.ok || response.status === 409) return;
    throw new KnownFault(`${method} ${path} was refused with ${response.status}: ${answer.slice(0, 300)}`);
  }

  private tokenOf(as: { role: string; organisation: string }): string {
    const user = this.credentials.users.find(
      ({ role, organisation }) => role === as.role && organisation === as.organisation,
    );
    if (user === undefined) throw new KnownFault(`No ${as.role} token of ${as.organisation} in the credentials file.`);
    return user.token;
  }
}
