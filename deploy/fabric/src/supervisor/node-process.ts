import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NodePlan } from './plan.js';

/** Fabric closes its ledgers in well under it. */
export const STOP_MS_MAX = 10_000;
/** A node that dies at once would spin otherwise; a killed one is back before anyone misses it. */
export const RESTART_MS = 300;
/** One that keeps dying is tried again this often at least: its cause may pass. */
export const RESTART_MS_MAX = 10_000;
/** A run this long counts as healthy. */
const HEALTHY_MS = 10_000;

/** Notes, with the time, what happened to a node. */
export type NodeNotice = (line: string) => void;

/** One node: started again whenever it dies, until `stop`. */
export class NodeProcess {
  private child: ChildProcess | undefined;
  private stopping = false;
  private waitMs = RESTART_MS;

  constructor(
    private readonly plan: NodePlan,
    private readonly mark: Readonly<Record<string, string>>,
    private readonly notice: NodeNotice,
  ) {}

  get name(): string {
    return this.plan.name;
  }
  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const log = openSync(this.plan.logFile, 'a', 0o600);
    const startedAtMs = performance.now();
    const child = spawn(this.plan.program, this.plan.args, {
      env: { ...this.plan.env, ...this.mark },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.child = child;
    child.once('error', (error) => this.ended(error.message, startedAtMs));
    child.once('exit', (code, signal) => this.ended(String(signal ?? code), startedAtMs));
  }

  /** SIGTERM, then SIGKILL: resolves when the process is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.end('SIGTERM');
  }

  /** Ends the process; its supervisor starts it again. */
  async restart(): Promise<void> {
    await this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    await gone;
    clearTimeout(late);
  }

  private ended(how: string, startedAtMs: number): void {
    if (this.stopping) return;
    const isHealthy = performance.now() - startedAtMs > HEALTHY_MS;
    this.waitMs = isHealthy ? RESTART_MS : Math.min(this.waitMs * 2, RESTART_MS_MAX);
    this.notice(`${this.name} ended (${how}); starting it again`);
    void sleep(this.waitMs).then(() => {
      if (!this.stopping) this.start();
    });
  }
}
