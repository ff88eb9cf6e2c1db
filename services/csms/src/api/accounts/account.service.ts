import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { IdTagView, openAccountBody } from '@tallywatt/contracts';
import type { z } from 'zod';
import { AuditLog } from '../audit.js';
import { requireOwnOrganisation, scopeOf } from '../auth/scope.js';
import { ProblemError, conflict } from '../problem.js';
import type { RequestContext } from '../request-context.js';
import { SettlementClient } from '../settlement-client.js';
import { IdTagRegistry, type IdTagAccount, type NewIdTag } from './id-tag-registry.js';

/** Settlement's code for an id that is taken, by whomever. */
const ACCOUNT_EXISTS = 'ALREADY_EXISTS';
/** 128 random bits: nobody meets another account's pseudonym by chance or by guessing. */
const PSEUDONYM_BYTES = 16;

/** rules.md: the EVID is a random pseudonym issued by the user's operator; nothing about a person is in it. */
export function newEvId(random: (bytes: number) => Buffer = randomBytes): string {
  return `EV-${random(PSEUDONYM_BYTES).toString('hex')}`;
}

export interface OpenedAccount {
  readonly evId: string;
  readonly operatorId: string;
  readonly idTags: readonly IdTagView[];
}

type OpenAccount = z.output<typeof openAccountBody>;

@Injectable()
export class AccountService {
  constructor(
    private readonly settlement: SettlementClient,
    private readonly tags: IdTagRegistry,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Opens the account on the ledger, then links its tags: a tag that works always has an account behind it.
   * @throws ProblemError 403 foreign operator, 409 `ALREADY_EXISTS` or `id_tag_taken`, and what settlement refuses
   */
  async open(caller: RequestContext, body: OpenAccount): Promise<OpenedAccount> {
    requireOwnOrganisation(caller.principal, body.operatorId);
    const { operatorId, maxConcurrentSessions } = body;
    const evId = body.evId ?? newEvId();
    const account = { evId, operatorId, maxConcurrentSessions };
    try {
      await this.settlement.call('openAccount', caller, { evId, operatorId });
    } catch (refusal) {
      await this.completeEarlierOpening(caller, account, body.idTags, refusal);
      throw refusal;
    }
    await this.link(account, body.idTags);
    await this.audit.record(caller, 'account.open', evId, { idTags: body.idTags.length });
    return this.present(caller, evId);
  }

  /** Links further tags to an account of the caller's organisation. @throws ProblemError 404, 409 `id_tag_taken` */
  async addTags(caller: RequestContext, evId: string, idTags: OpenAccount['idTags']): Promise<OpenedAccount> {
    await this.settlement.call('getAccount', caller, { evId });
    await this.link({ evId, operatorId: caller.principal.organisation, maxConcurrentSessions: null }, idTags);
    await this.audit.record(caller, 'account.id-tags', evId, { idTags: idTags.length });
    return this.present(caller, evId);
  }

  /** Between ledger and tags the process may have died: repeating the request links what is missing, and still answers 409. */
  private async completeEarlierOpening(
    caller: RequestContext,
    account: IdTagAccount,
    idTags: OpenAccount['idTags'],
    refusal: unknown,
  ): Promise<void> {
    if (!(refusal instanceof ProblemError) || refusal.problem.code !== ACCOUNT_EXISTS) return;
    const isOwn = await this.settlement.call('getAccount', caller, { evId: account.evId }).then(
      () => true,
      () => false,
    );
    if (isOwn) await this.link(account, idTags);
  }

  private async present(caller: RequestContext, evId: string): Promise<OpenedAccount> {
    const idTags = await this.tags.listOf(scopeOf(caller.principal), evId);
    return { evId, operatorId: caller.principal.organisation, idTags };
  }

  private async link(account: IdTagAccount, idTags: OpenAccount['idTags']): Promise<void> {
    const { evId, operatorId } = account;
    const tags: NewIdTag[] = idTags.map(({ idTag, expiresAt }) => ({
      idTag,
      evId,
      operatorId,
      expiresAt: expiresAt ?? null,
    }));
    const taken = await this.tags.link(account, tags);
    if (taken.length > 0) throw conflict('id_tag_taken', 'An id tag of the request belongs to another account.');
  }
}
