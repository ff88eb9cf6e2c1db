import type { ChargePointView, PageView, registerChargePointBody } from '@tallywatt/contracts';
import type { z } from 'zod';
import type { Scope } from '../api/auth/scope.js';

/** A registration as validated. */
export type Registration = z.output<typeof registerChargePointBody>;

/** A registration with its credential already digested. */
export interface NewChargePoint extends Registration {
  readonly credentialDigest: Buffer;
  readonly credentialSalt: Buffer;
}

/** Everything of a view that the database knows; `connected` is the connection registry's. */
export type StoredChargePointView = Omit<ChargePointView, 'connected'>;

export interface PilesQuery {
  readonly operatorId?: string | undefined;
  readonly stationId?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly count?: boolean | undefined;
}

/** What a pile may be switched to after registration. */
export interface PileSettings {
  readonly strict?: boolean | undefined;
  readonly subprotocolOptional?: boolean | undefined;
  readonly securityProfile?: 0 | 1 | 2 | 3 | undefined;
}

/** Registered piles, as people manage them. The OCPP side reads them through `ChargePointStore`. */
export abstract class PileRegistry {
  /** False when the id is taken, by whomever. */
  abstract insert(pile: NewChargePoint): Promise<boolean>;
  /** False when there is no such pile of this operator. */
  abstract replaceCredential(operatorId: string, chargePointId: string, digest: Buffer, salt: Buffer): Promise<boolean>;
  abstract updateSettings(operatorId: string, chargePointId: string, settings: PileSettings): Promise<boolean>;
  abstract find(scope: Scope, chargePointId: string): Promise<StoredChargePointView | undefined>;
  abstract list(scope: Scope, query: PilesQuery): Promise<PageView<StoredChargePointView>>;
}
