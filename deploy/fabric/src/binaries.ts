import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configuredBinaries, toolEnvironment } from './config/environment.js';
import { FabricFault } from './fault.js';
import { runTool } from './run-tool.js';

const PROGRAMS = ['peer', 'orderer', 'configtxgen', 'configtxlator', 'cryptogen', 'osnadmin'] as const;
const DEFAULTS = ['core.yaml', 'orderer.yaml'] as const;
/** SmartBFT deadlocks below it (ledger.md). */
export const FABRIC_VERSION_MIN = [3, 1, 1] as const;
/** `tool` directives and language version of our Go module. */
const GO_VERSION_MIN = [1, 24] as const;
const MODULE = 'github.com/hyperledger/fabric';
/** 16 s of downloads and 70 s of compiling on two idle cores (ledger.md); busy ones take longer. */
export const COMPILE_MS_MAX = 20 * 60_000;

/** Fabric's programs by name, and the folder with their default configuration. */
export interface Binaries {
  readonly program: Readonly<Record<(typeof PROGRAMS)[number], string>>;
  readonly defaultsFolder: string;
  /** For people: where they come from. */
  readonly origin: string;
}

function programsIn(folder: string): Binaries['program'] | undefined {
  const at = (name: (typeof PROGRAMS)[number]): string => join(folder, name);
  if (!PROGRAMS.every((name) => existsSync(at(name)))) return undefined;
  return {
    peer: at('peer'),
    orderer: at('orderer'),
    configtxgen: at('configtxgen'),
    configtxlator: at('configtxlator'),
    cryptogen: at('cryptogen'),
    osnadmin: at('osnadmin'),
  };
}

/** Numbers of the first version in a text: `go version go1.26.8 linux` → [1, 26, 8]. */
export function versionIn(text: string): number[] | undefined {
  return /(\d+)\.(\d+)(?:\.(\d+))?/
    .exec(text)
    ?.slice(1)
    .filter((part) => part !== undefined)
    .map(Number);
}

export function isAtLeast(version: readonly number[], least: readonly number[]): boolean {
  for (const [index, part] of least.entries()) {
    const own = version[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

async function configured(folder: string): Promise<Binaries> {
  const program = programsIn(folder);
  if (program === undefined) throw new FabricFault(`FABRIC_BIN=${folder} lacks one of ${PROGRAMS.join(', ')}.`);
  const version = versionIn(await runTool(program.peer, ['version'], { env: toolEnvironment() }));
  if (version === undefined || !isAtLeast(version, FABRIC_VERSION_MIN)) {
    throw new FabricFault(
      `The peer in ${folder} is ${version?.join('.') ?? 'of unknown version'}; ${FABRIC_VERSION_MIN.join('.')} or newer is needed.`,
    );
  }
  const defaultsFolder = join(folder, '..', 'config');
  if (!DEFAULTS.every((file) => existsSync(join(defaultsFolder, file)))) {
    throw new FabricFault(`${defaultsFolder} lacks ${DEFAULTS.join(' or ')}: unpack the whole release archive.`);
  }
  return { program, defaultsFolder, origin: `FABRIC_BIN (${version.join('.')})` };
}

async function requireGo(): Promise<void> {
  const answer = await runTool('go', ['version'], { env: toolEnvironment() }).catch(() => undefined);
  const version = answer === undefined ? undefined : versionIn(answer);
  if (version !== undefined && isAtLeast(version, GO_VERSION_MIN)) return;
  throw new FabricFault(
    `${answer === undefined ? 'There is no Go' : `Go is ${version?.join('.') ?? 'of unknown version'}`}: ` +
      `Fabric is compiled with Go ${GO_VERSION_MIN.join('.')} or newer. Install it, or name a folder of ready binaries in FABRIC_BIN.`,
  );
}

/** Compiles the programs of the pinned Go module, once per version of its go.sum. */
async function compiled(toolsFolder: string): Promise<Binaries> {
  const bin = join(toolsFolder, '.bin');
  const stamp = join(bin, 'built-from');
  const wanted = createHash('sha256')
    .update(readFileSync(join(toolsFolder, 'go.sum')))
    .digest('hex');
  const isBuilt = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  const go = { cwd: toolsFolder, env: { ...toolEnvironment(), GOBIN: bin }, timeoutMs: COMPILE_MS_MAX };
  if (!isBuilt) {
    await requireGo();
    mkdirSync(bin, { recursive: true });
    await runTool('go', ['install', 'tool'], go);
    const sources = (await runTool('go', ['list', '-m', '-f', '{{.Dir}}', MODULE], go)).trim();
    for (const file of DEFAULTS) copyFileSync(join(sources, 'sampleconfig', file), join(bin, file));
    writeFileSync(stamp, wanted);
  }
  const program = programsIn(bin);
  if (program === undefined) throw new FabricFault(`${bin} is incomplete: remove it and try again.`);
  return { program, defaultsFolder: bin, origin: 'compiled from the pinned module' };
}

/** The programs of FABRIC_BIN when that is set, else our own build of the pinned module. */
export function provideBinaries(toolsFolder: string): Promise<Binaries> {
  const folder = configuredBinaries();
  return folder === undefined ? compiled(toolsFolder) : configured(folder);
}

/** The nodes' defaults, where FABRIC_CFG_PATH points. */
export function copyDefaults({ defaultsFolder }: Binaries, configFolder: string): void {
  mkdirSync(configFolder, { recursive: true });
  for (const file of DEFAULTS) copyFileSync(join(defaultsFolder, file), join(configFolder, file));
}
