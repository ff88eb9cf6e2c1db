import type { Eventually } from '../ocpp/eventually.js';

/** A registered pile, as every part of csms reads it. */
export interface ChargePoint {
  readonly chargePointId: string;
  readonly operatorId: string;
  readonly stationId: string;
  readonly connectors: readonly Connector[];
  /** `recorded`: the pile's own times are used for tariffs; simulated piles only (ocpp.md). */
  readonly clock: 'live' | 'recorded';
  readonly simulated: boolean;
  /** Leniency off: schema violations are refused instead of flagged (never for transaction messages' values). */
  readonly strict: boolean;
  /** Real chargers that omit the subprotocol header. */
  readonly subprotocolOptional: boolean;
  /** OCPP security profile 0–3; 0 only where configured. */
  readonly securityProfile: 0 | 1 | 2 | 3;
}

export interface Connector {
  readonly connectorId: number;
  readonly ratedPowerW: number;
  readonly type: string;
}

/** How the credential of a pile is checked: issued keys by HMAC with a pepper, vendor-chosen ones by scrypt. */
export interface ChargePointCredential {
  readonly chargePointId: string;
  readonly scheme: 'hmac' | 'scrypt';
  readonly digest: Buffer;
  readonly salt: Buffer;
}

/** Registered piles. The adapter caches; registration and password rotation invalidate it. */
export abstract class ChargePointStore {
  /** Asked for every message: known at once while it is cached. */
  abstract find(chargePointId: string): Eventually<ChargePoint | undefined>;
  abstract findCredential(chargePointId: string): Promise<ChargePointCredential | undefined>;
}
