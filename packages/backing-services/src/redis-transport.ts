/** What @nestjs/microservices' Redis transport is given, on both ends. */
export interface RedisTransport {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: object;
  readonly maxRetriesPerRequest: number;
  readonly retryAttempts: number;
  readonly retryDelay: number;
}

const PORT = 6379;
/** Nest gives up after a number of tries; a service waits for its Redis, however long that takes. */
const RETRY_FOR_EVER = Number.MAX_SAFE_INTEGER;
const RETRY_DELAY_MS = 200;

/** The parts of a redis:// or rediss:// URL. The transport has no time limit: every send needs its own. */
export function redisTransport(redisUrl: string): RedisTransport {
  const { hostname, port, username, password, pathname, protocol } = new URL(redisUrl);
  return {
    host: hostname,
    port: port === '' ? PORT : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(/^\/\d+$/.test(pathname) ? { db: Number(pathname.slice(1)) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
    // What is said while Redis is away fails soon; who is asked again later hears it.
    maxRetriesPerRequest: 1,
    retryAttempts: RETRY_FOR_EVER,
    retryDelay: RETRY_DELAY_MS,
  };
}
