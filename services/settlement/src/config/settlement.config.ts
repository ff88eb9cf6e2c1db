import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);

const environment = z
  .object({
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL'),
    REDIS_URL: z
      .string()
      .regex(/^rediss?:\/\//, 'must be a redis:// or rediss:// URL')
      .optional(),
    LEDGER: z.enum(['embedded', 'fabric'], 'must be embedded or fabric').default('embedded'),
    /** How the network is reached, see fabric-profile.ts. */
    FABRIC_PROFILE: z.string().min(1).optional(),
    SETTLEMENT_TCP_HOST: z.string().min(1).default('127.0.0.1'),
    SETTLEMENT_TCP_PORT: port.default(8092),
    CSMS_TCP_HOST: z.string().min(1).default('127.0.0.1'),
    CSMS_TCP_PORT: port.default(8091),
    /** Settle for these operators only; absent = for every operator that the ledger knows. */
    SETTLEMENT_OPERATORS: z
      .string()
      .regex(/^[A-Za-z0-9_-]+(,[A-Za-z0-9_-]+)*$/, 'must be operator ids, separated by commas')
      .optional(),
  })
  // A setting never falls back to the other one silently.
  .refine(({ LEDGER, FABRIC_PROFILE }) => (LEDGER === 'fabric') === (FABRIC_PROFILE !== undefined), {
    path: ['FABRIC_PROFILE'],
    message: 'goes with LEDGER=fabric, and only with it',
  });

/** Everything that settlement reads from its environment, validated as a whole and frozen. */
export interface SettlementConfig {
  readonly databaseUrl: string;
  /** undefined = the queue is on PostgreSQL. */
  readonly redisUrl: string | undefined;
  /** `file`: how the consortium's network is reached. */
  readonly ledger: { readonly mode: 'embedded' } | { readonly mode: 'fabric'; readonly file: string };
  readonly tcp: { readonly host: string; readonly port: number };
  readonly csmsTcp: { readonly host: string; readonly port: number };
  /** undefined = all. */
  readonly operators: readonly string[] | undefined;
}

/** Nest injection token of {@link SettlementConfig}. */
export const SETTLEMENT_CONFIG = Symbol('SettlementConfig');

export class ConfigError extends Error {}

/** @throws ConfigError that lists every fault at once; values are not repeated, they may be secrets. */
export function readSettlementConfig(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): SettlementConfig {
  const present = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(present);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const values = parsed.data;
  return Object.freeze({
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    ledger: Object.freeze(
      values.FABRIC_PROFILE === undefined ? { mode: 'embedded' } : { mode: 'fabric', file: values.FABRIC_PROFILE },
    ),
    tcp: Object.freeze({ host: values.SETTLEMENT_TCP_HOST, port: values.SETTLEMENT_TCP_PORT }),
    csmsTcp: Object.freeze({ host: values.CSMS_TCP_HOST, port: values.CSMS_TCP_PORT }),
    operators:
      values.SETTLEMENT_OPERATORS === undefined ? undefined : Object.freeze(values.SETTLEMENT_OPERATORS.split(',')),
  });
}
