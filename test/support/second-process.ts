import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { pidOf, processText, SCRIPTS } from './product-processes.js';
import { ROOT, until, type Product } from './product.js';

const READY_MS_MAX = 90_000;

/**
 * One more process of a service beside the start command's own, on the same servers: its environment is that of the first
 * one (Linux: /proc), but for what is given. Nobody starts it again.
 */
export class SecondProcess {
  private output = '';

  private constructor(private readonly child: ChildProcess) {
    const collect = (chunk: Buffer): void => void (this.output += chunk.toString('utf8'));
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
  }

  static beside(
    product: Product,
    service: keyof typeof SCRIPTS,
    env: Readonly<Record<string, string>> = {},
  ): SecondProcess {
    const first = pidOf(service, product.pid, product.dataFolder);
    if (first === undefined) throw new Error(`no ${service} runs`);
    const script = join(ROOT, SCRIPTS[service]);
    const child = spawn(process.execPath, [script], {
      env: { ...environmentOf(first), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new SecondProcess(child);
  }

  /** Resolves when it has printed the text. */
  async says(text: string): Promise<void> {
    await until(
      `"${text}" is said`,
      () => Promise.resolve(this.output),
      (output) => output.includes(text),
      READY_MS_MAX,
    );
  }

  hasSaid(text: string): boolean {
    return this.output.includes(text);
  }

  /** As `kill -9`. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }
}

function environmentOf(pid: number): Record<string, string> {
  const entries = processText(pid, 'environ').split('\0').filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}
