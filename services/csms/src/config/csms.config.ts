import { z } from 'zod';

const host = (fallback: string) => z.string().min(1).default(fallback);
const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
/** reliability.md: HMAC key of issued pile keys; shorter than a digest would be the weak link. */
export const PEPPER_BYTES_MIN = 16;

const environment = z
  .object({
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL'),
    REDIS_URL: z
      .string()
      .regex(/^rediss?:\/\//, 'must be a redis:// or rediss:// URL')
      .optional(),
    LEDGER: z.enum(['embedded', 'fabric']).default('embedded'),
    HTTP_HOST: host('127.0.0.1'),
    HTTP_PORT: port(8080),
    OCPP_HOST: host('127.0.0.1'),
    OCPP_PORT: port(9000),
    OCPP_TLS_PORT: port(9443),
    /** Base URL that piles are told, when a proxy stands before the OCPP port. */
    OCPP_PUBLIC_URL: z
      .string()
      .regex(/^wss?:\/\/[^/]+$/, 'must be ws://HOST:PORT or wss://HOST:PORT')
      .optional(),
    CSMS_TCP_HOST: host('127.0.0.1'),
    CSMS_TCP_PORT: port(8091),
    SETTLEMENT_TCP_HOST: host('127.0.0.1'),
    SETTLEMENT_TCP_PORT: z.coerce.number().int().min(1).max(65_535).default(8092),
    PILE_KEY_PEPPER: z
      .string()
      .regex(/^(?:[0-9a-fA-F]{2})+$/, 'must be hexadecimal')
      .refine((hex) => hex.length >= 2 * PEPPER_BYTES_MIN, `must have at least ${PEPPER_BYTES_MIN} bytes`),
    TLS_CERT_FILE: z.string().min(1).optional(),
    TLS_KEY_FILE: z.string().min(1).optional(),
    /** Signs the certificates of piles with security profile 3. */
    TLS_CLIENT_CA_FILE: z.string().min(1).optional(),
    /** How old the knowledge of drivers' standing may be before {@link environment.AUTHORISE_WHEN_STALE} decides. */
    STANDING_AGE_SECONDS_MAX: z.coerce.number().int().min(1).default(900),
    AUTHORISE_WHEN_STALE: z.enum(['accept', 'refuse']).default('accept'),
  })
  .refine((values) => (values.TLS_CERT_FILE === undefined) === (values.TLS_KEY_FILE === undefined), {
    path: ['TLS_KEY_FILE'],
    message: 'TLS_CERT_FILE and TLS_KEY_FILE belong together',
  })
  .refine((values) => values.TLS_CLIENT_CA_FILE === undefined || values.TLS_CERT_FILE !== undefined, {
    path: ['TLS_CLIENT_CA_FILE'],
    message: 'needs TLS_CERT_FILE and TLS_KEY_FILE',
  });

interface Address {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Everything that csms reads from its environment, validated as a whole and frozen. */
export interface CsmsConfig {
  readonly databaseUrl: string;
  /** undefined = the queue is on PostgreSQL. */
  readonly redisUrl: string | undefined;
  readonly ledger: 'embedded' | 'fabric';
  readonly http: Address;
  readonly ocpp: Address;
  readonly ocppPublicUrl: string | undefined;
  readonly tls: TlsFiles | undefined;
  /** Where this service listens for events of settlement. */
  readonly tcp: Address;
  readonly settlementTcp: Address;
  readonly pileKeyPepper: Buffer;
  readonly authorisation: { readonly standingAgeMsMax: number; readonly whenStale: 'accept' | 'refuse' };
}
export interface TlsFiles {
  readonly port: number;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly clientAuthorityFile: string | undefined;
}

/** Nest injection token of {@link CsmsConfig}. */
export const CSMS_CONFIG = Symbol('CsmsConfig');

export class ConfigError extends Error {}

/** @throws ConfigError that lists every fault at once; values are not repeated, they may be secrets. */
export function readCsmsConfig(variables: Readonly<Record<string, string | undefined>> = process.env): CsmsConfig {
  const present = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(present);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  const values = parsed.data;
  return Object.freeze({
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    ledger: values.LEDGER,
    http: Object.freeze({ host: values.HTTP_HOST, port: values.HTTP_PORT }),
    ocpp: Object.freeze({ host: values.OCPP_HOST, port: values.OCPP_PORT }),
    ocppPublicUrl: values.OCPP_PUBLIC_URL,
    tls: tlsFiles(values),
    tcp: Object.freeze({ host: values.CSMS_TCP_HOST, port: values.CSMS_TCP_PORT }),
    settlementTcp: Object.freeze({ host: values.SETTLEMENT_TCP_HOST, port: values.SETTLEMENT_TCP_PORT }),
    pileKeyPepper: Buffer.from(values.PILE_KEY_PEPPER, 'hex'),
    authorisation: Object.freeze({
      standingAgeMsMax: values.STANDING_AGE_SECONDS_MAX * 1000,
      whenStale: values.AUTHORISE_WHEN_STALE,
    }),
  });
}

function tlsFiles(values: z.output<typeof environment>): TlsFiles | undefined {
  if (values.TLS_CERT_FILE === undefined || values.TLS_KEY_FILE === undefined) return undefined;
  return Object.freeze({
    port: values.OCPP_TLS_PORT,
    certificateFile: values.TLS_CERT_FILE,
    keyFile: values.TLS_KEY_FILE,
    clientAuthorityFile: values.TLS_CLIENT_CA_FILE,
  });
}
