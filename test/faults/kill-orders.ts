import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Die at this point, after it was reached so often in one life. */
export interface KillOrder {
  readonly id: number;
  readonly name: string;
  readonly after: number;
}
/** What a process wrote down before it died. */
export interface Hit {
  readonly id: number;
  readonly name: string;
  readonly pid: number;
}

/** A folder in which the harness gives one order at a time, and the process that obeys writes that it does. */
export class KillOrders {
  constructor(private readonly folder: string) {}

  give(order: KillOrder): void {
    const half = `${this.orderFile}.half`;
    writeFileSync(half, JSON.stringify(order));
    renameSync(half, this.orderFile);
  }

  pending(): KillOrder | undefined {
    const text = readIfThere(this.orderFile);
    return text === undefined ? undefined : (JSON.parse(text) as KillOrder);
  }

  /** On the disk before it returns: the kill that follows leaves no time for more. */
  obey({ id, name }: KillOrder, pid: number): void {
    const file = openSync(this.hitFile, 'a');
    writeSync(file, `${JSON.stringify({ id, name, pid })}\n`);
    fsyncSync(file);
    closeSync(file);
    rmSync(this.orderFile);
  }

  hits(): readonly Hit[] {
    const lines = (readIfThere(this.hitFile) ?? '').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Hit);
  }

  private get orderFile(): string {
    return join(this.folder, 'order.json');
  }

  private get hitFile(): string {
    return join(this.folder, 'hits.jsonl');
  }
}

/** One life of a process: counts what it reaches, and dies when an order says so. */
export class Condemned {
  private orderId: number | undefined;
  private left = 0;

  constructor(
    private readonly orders: KillOrders,
    private readonly pid: number,
    private readonly die: () => void,
  ) {}

  reached(name: string): void {
    const order = this.orders.pending();
    if (order?.name !== name) return;
    if (order.id !== this.orderId) {
      this.orderId = order.id;
      this.left = order.after;
    }
    this.left -= 1;
    if (this.left >= 0) return;
    this.orders.obey(order, this.pid);
    this.die();
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
