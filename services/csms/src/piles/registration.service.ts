import { Injectable } from '@nestjs/common';
import type { ChargePointCredentialView } from '@tallywatt/contracts';
import { z } from 'zod';
import { AuditLog } from '../api/audit.js';
import { requireOwnOrganisation } from '../api/auth/scope.js';
import { conflict, notFound, ProblemError, unprocessable } from '../api/problem.js';
import type { RequestContext } from '../api/request-context.js';
import { SettlementClient } from '../api/settlement-client.js';
import { PendingPiles } from '../connection/pending-piles.js';
import { PilePasswordIssuer } from './pile-password.js';
import { PileRegistry, type PileSettings, type Registration } from './pile-registry.js';
import { OcppAddress } from './ocpp-address.js';

const stationOwner = z.object({ operatorId: z.string() });

/** Registers piles of the caller's organisation; every password is shown once, in the answer, and kept nowhere. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly registry: PileRegistry,
    private readonly pending: PendingPiles,
    private readonly issuer: PilePasswordIssuer,
    private readonly address: OcppAddress,
    private readonly audit: AuditLog,
    private readonly settlement: SettlementClient,
  ) {}

  /** @throws ProblemError 403 foreign operator, 409 `charge_point_exists`, 422 `recorded_clock`, `connector_twice`, `unknown_station` */
  async register(caller: RequestContext, body: Registration): Promise<ChargePointCredentialView> {
    requireOwnOrganisation(caller.principal, body.operatorId);
    if (body.clock === 'recorded' && !body.simulated) {
      throw unprocessable('recorded_clock', 'Only a simulated pile may bring its own times.');
    }
    if (new Set(body.connectors.map(({ connectorId }) => connectorId)).size < body.connectors.length) {
      throw unprocessable('connector_twice', 'Each connector id may be given once.');
    }
    await this.requireOwnStation(caller, body);
    const { password, digest, salt } = this.issuer.issue();
    const inserted = await this.registry.insert({ ...body, credentialDigest: digest, credentialSalt: salt });
    if (!inserted) throw conflict('charge_point_exists', 'This charge point id is already registered.');
    await this.pending.remove(body.id);
    await this.audit.record(caller, 'charge-point.register', body.id, { stationId: body.stationId });
    return this.credential(body.id, password);
  }

  /** Accepts a pile that knocked without being registered. @throws ProblemError 404 when it is not pending */
  async accept(caller: RequestContext, body: Registration): Promise<ChargePointCredentialView> {
    if (!(await this.pending.list()).some((pile) => pile.chargePointId === body.id)) throw notFound();
    return this.register(caller, body);
  }

  /** A new password; the old one is void at the next connect. @throws ProblemError 404 */
  async rotatePassword(caller: RequestContext, chargePointId: string): Promise<ChargePointCredentialView> {
    const { password, digest, salt } = this.issuer.issue();
    const { organisation } = caller.principal;
    if (!(await this.registry.replaceCredential(organisation, chargePointId, digest, salt))) throw notFound();
    await this.audit.record(caller, 'charge-point.password', chargePointId, {});
    return this.credential(chargePointId, password);
  }

  /** @throws ProblemError 404 */
  async change(caller: RequestContext, chargePointId: string, settings: PileSettings): Promise<void> {
    const changed = await this.registry.updateSettings(caller.principal.organisation, chargePointId, settings);
    if (!changed) throw notFound();
    await this.audit.record(caller, 'charge-point.change', chargePointId, settings);
  }

  /** A session at a station that the ledger does not know could not be billed: better said now than then. */
  private async requireOwnStation(caller: RequestContext, { stationId, operatorId }: Registration): Promise<void> {
    const station = await this.settlement.call('getStation', caller, { stationId }).catch((error: unknown) => {
      if (error instanceof ProblemError && error.problem.status === 404) return { operatorId: null };
      throw error;
    });
    if (stationOwner.safeParse(station).data?.operatorId !== operatorId) {
      throw unprocessable('unknown_station', `Your organisation has no station ${stationId}: register it first.`);
    }
  }

  private credential(id: string, password: string): ChargePointCredentialView {
    return { id, url: this.address.urlOf(id), password };
  }
}
