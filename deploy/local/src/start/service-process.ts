import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { KnownFault } from '../embedded-database/errors.js';

/** A service that is not ready by then has a fault that waiting will not mend. */
export const READY_MS_MAX = 30_000;
/** reliability.md: a supervisor restarts a service in less than 3 s. One that ended after a healthy run does not wait. */
export const RESTART_MS = 500;
const FIRST_RESTART_MS = 20;
/** Time for a graceful stop before SIGKILL. */
const STOP_MS_MAX = 10_000;
/** A service that dies this often in a row will not get better by itself. */
export const RESTARTS_IN_A_ROW_MAX = 20;
/** A run this long counts as healthy again. */
const HEALTHY_MS = 30_000;

const GUARD = fileURLToPath(new URL('./child-guard.js', import.meta.url));

export interface ServiceSpec {
  readonly name: string;
  /** Compiled main of the service. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Told about unexpected ends and restarts. */
  readonly notice: (line: string) => void;
  /** For specs: the compiled guard, `READY_MS_MAX` and `RESTART_MS` otherwise. */
  readonly guard?: string;
  readonly readyMsMax?: number;
  readonly restartMs?: number;
}

/** A child of the start command: ready when it prints its JSON ready line, restarted when it dies, ended with us. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private stopping = false;
  private restartsInARow = 0;
  private wasReady = false;
  private startedAtMs = 0;
  private lastLine = '';
  private readonly log: WriteStream;

  constructor(private readonly spec: ServiceSpec) {
    this.log = createWriteStream(spec.logFile, { flags: 'a', mode: 0o600 });
  }

  /** Resolves at the ready line; rejects with {@link KnownFault} naming the log file. */
  async start(): Promise<void> {
    const readyMsMax = this.spec.readyMsMax ?? READY_MS_MAX;
    const child = this.spawn();
    const ready = this.untilReady(child);
    const ended = new Promise<never>((_, reject) => {
      child.once('exit', (code) =>
        reject(
          new KnownFault(
            `${this.spec.name} ended with code ${code ?? 'signal'} while starting: ${this.lastLine || 'no output'} (${this.spec.logFile})`,
          ),
        ),
      );
    });
    const late = new AbortController();
    const timeout = sleep(readyMsMax, undefined, { signal: late.signal }).then(() => {
      throw new KnownFault(`${this.spec.name} was not ready within ${readyMsMax / 1000} s: see ${this.spec.logFile}`);
    });
    try {
      await Promise.race([ready, ended, timeout]);
    } catch (error) {
      // One that hangs would hold the port of its successor.
      child.kill('SIGKILL');
      throw error;
    } finally {
      late.abort();
    }
    this.wasReady = true;
    child.once('exit', (code, signal) => void this.restart(code, signal));
    ended.catch(() => undefined);
    timeout.catch(() => undefined);
  }

  /** Starts without waiting for a ready line. */
  begin(): void {
    this.spawn().once('exit', (code, signal) => void this.restart(code, signal, () => Promise.resolve(this.begin())));
  }

  /** SIGTERM, then SIGKILL after {@link STOP_MS_MAX}; resolves when the process is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      // `close`, not `exit`: its last words are still to be written.
      const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await gone;
      clearTimeout(timer);
    }
    await new Promise<void>((resolve) => this.log.end(() => resolve()));
  }

  private spawn(): ChildProcess {
    const child = spawn(
      process.execPath,
      ['--import', this.spec.guard ?? GUARD, this.spec.script, ...(this.spec.args ?? [])],
      {
        env: this.spec.env,
        // A group of its own: Ctrl-C reaches only us, and we end the children in order.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    this.child = child;
    this.wasReady = false;
    this.startedAtMs = performance.now();
    child.stdout?.pipe(this.log, { end: false });
    child.stderr?.pipe(this.log, { end: false });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.lastLine = faultIn(chunk.toString('utf8').trim().split('\n').at(-1) ?? '');
    });
    return child;
  }

  private untilReady(child: ChildProcess): Promise<void> {
    return new Promise((resolve) => {
      if (child.stdout === null) return;
      const lines = createInterface({ input: child.stdout });
      lines.on('line', (line) => {
        if (isReadyLine(line)) resolve();
      });
    });
  }

  private async restart(
    code: number | null,
    signal: NodeJS.Signals | null,
    again = (): Promise<void> => this.start(),
  ): Promise<void> {
    if (this.stopping) return;
    // Killed from outside while it worked: that says nothing against it.
    const killed = signal === 'SIGKILL' && this.wasReady;
    const healthy = killed || performance.now() - this.startedAtMs > HEALTHY_MS;
    this.restartsInARow = healthy ? 1 : this.restartsInARow + 1;
    if (this.restartsInARow > RESTARTS_IN_A_ROW_MAX) {
      this.spec.notice(`${this.spec.name} keeps ending (${signal ?? code}); it stays down. See ${this.spec.logFile}`);
      return;
    }
    this.spec.notice(`${this.spec.name} ended (${signal ?? code}); starting it again`);
    await sleep(this.restartsInARow === 1 ? FIRST_RESTART_MS : (this.spec.restartMs ?? RESTART_MS));
    if (this.stopping) return;
    await again().catch((error: unknown) => {
      this.spec.notice(error instanceof Error ? error.message : String(error));
      return this.restart(null, null, again);
    });
  }
}

/** Each service prints one JSON line `{"ready":true,…}` when its doors are open. */
export function isReadyLine(line: string): boolean {
  if (!line.startsWith('{') || !line.includes('"ready"')) return false;
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null && 'ready' in parsed && parsed.ready === true;
  } catch {
    return false;
  }
}

/** Longest fault that is worth one line; the rest is in the log file. */
export const FAULT_LENGTH_MAX = 300;

/** What a person needs of a service's last line: the first line of its message. */
export function faultIn(line: string): string {
  let message = line;
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) message = String(parsed.message);
  } catch {
    // Not a log line of ours: shown as it is.
  }
  return (message.split('\n')[0] ?? '').slice(0, FAULT_LENGTH_MAX);
}
