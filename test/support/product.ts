import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { credentialsFile, type CredentialsFile, type Role } from '@tallywatt/contracts';
import { freePort } from './free-port.js';

/** Compiled, this file lies one folder deeper, in test/dist. */
const COMPILED = import.meta.url.includes('/test/dist/');
/** The repository. */
export const ROOT = fileURLToPath(new URL(COMPILED ? '../../..' : '../..', import.meta.url));
/** `npm start` promises 15 s after `npm ci`; a loaded machine gets more before the test gives up. */
const START_MS_MAX = 90_000;
const STOP_MS_MAX = 30_000;
const SYSTEM_FOLDER = '/var/lib/tallywatt';

export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/** Runs one of the product's commands to its end, as a user would. */
export function runCommand(
  script: string,
  args: readonly string[],
  timeoutMs: number,
  env: Record<string, string> = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** The product as `npm start` brings it up, on ports and a data folder of its own. */
export class Product {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    readonly dataFolder: string,
    private readonly port: number,
    private readonly ocppPort: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** `env`: servers that take the place of built-in ones, `REDIS_URL` say. */
  static async create(env: Readonly<Record<string, string>> = {}): Promise<Product> {
    return new Product(mkdtempSync(join(tmpdir(), 'tallywatt-e2e-')), await freePort(), await freePort(), env);
  }

  get credentialsFile(): string {
    return join(this.dataFolder, 'credentials.json');
  }

  get credentials(): CredentialsFile {
    return credentialsFile.parse(JSON.parse(readFileSync(this.credentialsFile, 'utf8')));
  }

  /** Process id of the start command. */
  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('the product is not started');
    return this.child.pid;
  }

  /** Everything that the start command has printed. */
  get printed(): string {
    return this.output;
  }

  /** Starts and waits for the last line of a start. Throws with what was printed. */
  async start(...flags: readonly string[]): Promise<void> {
    const args = [
      '--data',
      this.dataFolder,
      '--port',
      String(this.port),
      '--ocpp-port',
      String(this.ocppPort),
      ...flags,
    ];
    const child = spawn(process.execPath, [join(ROOT, 'deploy/local/start.mjs'), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.output = '';
    const ready = new Promise<void>((resolve, reject) => {
      const collect = (chunk: Buffer): void => {
        this.output += chunk.toString('utf8');
        if (this.output.includes('Ctrl-C ends everything')) resolve();
      };
      child.stdout.on('data', collect);
      child.stderr.on('data', collect);
      child.once('exit', (code) => reject(new Error(`npm start ended with ${code ?? 'a signal'}:\n${this.output}`)));
      setTimeout(() => reject(new Error(`npm start was not ready in time:\n${this.output}`)), START_MS_MAX).unref();
    });
    await ready;
  }

  /** Ctrl-C; resolves with the exit code when everything has ended. */
  async stop(): Promise<number | null> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    const code = await ended;
    clearTimeout(timer);
    return code;
  }

  /** Stops and removes the data. */
  async destroy(): Promise<void> {
    await this.stop();
    try {
      const id = readFileSync(join(this.dataFolder, 'database-id'), 'utf8').trim();
      rmSync(join(SYSTEM_FOLDER, id), { recursive: true, force: true });
    } catch {
      // Not root: the cluster lies in the data folder.
    }
    rmSync(this.dataFolder, { recursive: true, force: true });
  }

  /** The end of each process's log, for a failure that has to be understood after the data are gone. */
  lastWords(lines = 40): string {
    const tails = readdirSync(this.dataFolder)
      .filter((name) => name.endsWith('.log'))
      .map((name) => {
        const text = readFileSync(join(this.dataFolder, name), 'utf8').trimEnd();
        return `== ${name}\n${text.split('\n').slice(-lines).join('\n')}`;
      });
    return [...tails, `== npm start\n${this.output}`].join('\n');
  }

  tokenOf(role: Role, organisation: string): string {
    const user = this.credentials.users.find(
      (candidate) => candidate.role === role && candidate.organisation === organisation,
    );
    if (user === undefined) throw new Error(`no ${role} of ${organisation} in ${this.credentialsFile}`);
    return user.token;
  }

  /** One API call; the body is the parsed JSON. `base`: another process than the start command's. */
  async api(
    method: string,
    path: string,
    token: string,
    body?: unknown,
    headers: Record<string, string> = {},
    base = this.credentials.api,
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
}

/** Polls until the predicate holds; throws with the last value. Waits for states, never for times. */
export async function until<T>(
  what: string,
  read: () => Promise<T>,
  holds: (value: T) => boolean,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > deadline) throw new Error(`${what} did not happen; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
