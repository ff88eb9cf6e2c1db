/** Roles of the API (`Authorization: Bearer`); each token has exactly one. */
export const ROLES = ['operator', 'finance', 'driver', 'supervisor'] as const;
export type Role = (typeof ROLES)[number];

/** The organisation that administers the channel; it owns no piles and no money. */
export const SUPERVISION = 'SUPERVISION';

/**
 * Who asks: taken from the API token by csms, carried with every operation, never from an argument.
 * `organisation` is an operator id or {@link SUPERVISION}; it equals the Fabric MSP id.
 */
export interface Principal {
  readonly role: Role;
  readonly organisation: string;
  /** Only for role `driver`: the one account that the token may see. */
  readonly evId?: string;
  /** For the audit: the token's name. */
  readonly name: string;
}
