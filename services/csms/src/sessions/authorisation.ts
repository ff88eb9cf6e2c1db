import { Inject, Injectable } from '@nestjs/common';
import type { AuthorizationStatus, IdTagInfo } from '../ocpp/requests.js';
import { Clock } from './clock.js';
import { DriverStanding } from './driver-standing.js';
import { TagStore, type TagRecord } from './session.repository.js';

/** What an id tag may do; `ConcurrentTx` is decided with the sessions that are open when one starts. */
export type Authorised = Exclude<AuthorizationStatus, 'ConcurrentTx'>;

/** Whether a tag may charge: for RemoteStart and lists. */
export abstract class Authorisation {
  abstract authorize(idTag: string): Promise<Authorised>;
}

/** A tag's status with the account behind it. */
export interface TagStatus {
  readonly status: Authorised;
  readonly tag: TagRecord | undefined;
}

export interface AuthorisationPolicy {
  /** Older knowledge of the ledger than this is not relied on. */
  readonly standingAgeMsMax: number;
  /** Beyond that age: let drivers charge on credit, or nobody. */
  readonly whenStale: 'accept' | 'refuse';
}
export const AUTHORISATION_POLICY = Symbol('AuthorisationPolicy');

/** idTag → EVID → standing on the ledger, from the local projection. */
@Injectable()
export class TagAuthorisation extends Authorisation {
  constructor(
    private readonly tags: TagStore,
    private readonly standing: DriverStanding,
    private readonly clock: Clock,
    @Inject(AUTHORISATION_POLICY) private readonly policy: AuthorisationPolicy,
  ) {
    super();
  }

  override async authorize(idTag: string): Promise<Authorised> {
    return (await this.statusOf(idTag)).status;
  }

  async statusOf(idTag: string): Promise<TagStatus> {
    const tag = await this.tags.findTag(idTag);
    return { status: this.decide(tag), tag };
  }

  private decide(tag: TagRecord | undefined): Authorised {
    if (tag === undefined) return 'Invalid';
    if (tag.expiresAtMs !== null && tag.expiresAtMs <= this.clock.nowMs()) return 'Expired';
    if (this.standing.isBlocked(tag.evId)) return 'Blocked';
    const isStale = this.standing.ageMs() > this.policy.standingAgeMsMax;
    return isStale && this.policy.whenStale === 'refuse' ? 'Blocked' : 'Accepted';
  }
}

export function idTagInfoOf({ status, tag }: TagStatus): IdTagInfo {
  const expiresAtMs = tag?.expiresAtMs ?? null;
  return expiresAtMs === null ? { status } : { status, expiryDate: new Date(expiresAtMs).toISOString() };
}
