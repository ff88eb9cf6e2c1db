/** What the children of `npm start` may see of this process's environment. */
export function baseEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const passed = ['PATH', 'HOME', 'TZ', 'LANG', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];
  return Object.fromEntries(passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** PostgreSQL gets a fixed locale: its collation decides the order of indexes. */
export function databaseEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return { PATH: env['PATH'] ?? '', LC_ALL: 'C' };
}

/** Servers that stand instead of the built-in parts; never chosen silently: each must be named. */
export function configuredServers(env: NodeJS.ProcessEnv = process.env): {
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
} {
  return { databaseUrl: env['DATABASE_URL'], redisUrl: env['REDIS_URL'] };
}
