import {
  type CredentialsFile,
  IDEMPOTENCY_KEY_HEADER,
  type OPERATION_INPUTS,
  type OpenAccountBody,
  type OperationInput,
  type RegisterChargePointBody,
  type Role,
} from '@tallywatt/contracts';
import { z } from 'zod';
import { ApiClient } from './api-client.js';
import type { Clock } from './clock.js';
import { tokenOf } from './credentials.js';

const credential = z.object({ id: z.string(), password: z.string() });

/** Registers what a run needs, each with the token of the organisation that may; what exists is left as it is. */
export class Registry {
  readonly created = { stations: 0, chargePoints: 0, accounts: 0 };

  constructor(
    private readonly credentials: CredentialsFile,
    private readonly clock: Clock,
  ) {}

  async ensureStation(body: OperationInput<'registerStation'>): Promise<void> {
    const answer = await this.api('operator', body.operatorId).postUnlessExists('/v1/stations', body);
    if (answer !== undefined) this.created.stations += 1;
  }

  async ensureTariff(body: z.input<typeof OPERATION_INPUTS.publishTariff>): Promise<void> {
    await this.api('operator', body.operatorId).postUnlessExists('/v1/tariffs', body);
  }

  /** The pile's password: shown once at registration, so a known pile gets a new one. */
  async ensurePile(body: RegisterChargePointBody): Promise<{ password: string; isNew: boolean }> {
    const api = this.api('operator', body.operatorId);
    const answer = await api.postUnlessExists('/v1/charge-points', body);
    if (answer === undefined) {
      const rotated = await api.post(`/v1/charge-points/${body.id}/password`, {});
      return { password: credential.parse(rotated).password, isNew: false };
    }
    this.created.chargePoints += 1;
    return { password: credential.parse(answer).password, isNew: true };
  }

  async ensureAccount(body: OpenAccountBody): Promise<void> {
    const answer = await this.api('operator', body.operatorId).postUnlessExists('/v1/accounts', body);
    if (answer !== undefined) this.created.accounts += 1;
  }

  /** The key makes a repeated deposit the same deposit. */
  async deposit(account: { evId: string; operatorId: string }, amountMinor: bigint, key: string): Promise<void> {
    const path = `/v1/accounts/${account.evId}/deposits`;
    await this.api('finance', account.operatorId).post(
      path,
      { amountMinor: String(amountMinor) },
      { [IDEMPOTENCY_KEY_HEADER]: key },
    );
  }

  api(role: Role, organisation: string): ApiClient {
    return new ApiClient(this.credentials.api, tokenOf(this.credentials, role, organisation), this.clock);
  }
}
