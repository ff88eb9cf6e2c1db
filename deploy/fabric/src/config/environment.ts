/** What Fabric's tools and nodes may see of this process's environment. */
export function toolEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const passed = ['PATH', 'HOME', 'TZ', 'GOPROXY', 'GOFLAGS', 'GOSUMDB', 'GOMODCACHE', 'GOCACHE', 'GOTOOLCHAIN'];
  return Object.fromEntries(passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** Folder with `peer`, `orderer` and the rest, when the owner of the machine brings them; never chosen silently. */
export function configuredBinaries(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env['FABRIC_BIN'];
}
