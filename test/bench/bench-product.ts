import { readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '@tallywatt/local';
import pg from 'pg';
import { Product } from '../support/product.js';
import { descendantRunning } from './process-figures.js';

/** The whole product as `npm start` brings it up, on a durable PostgreSQL that the bench can reach as well. */
export class BenchProduct {
  private constructor(
    readonly product: Product,
    readonly owner: pg.Pool,
    private readonly database: EmbeddedDatabase,
    private readonly folder: string,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<BenchProduct> {
    const folder = mkdtempSync(join(tmpdir(), 'tallywatt-bench-'));
    const database = await startEmbeddedDatabase({ dataFolder: folder });
    const owner = new pg.Pool({ connectionString: database.url, max: 4 });
    owner.on('error', () => undefined);
    const product = await Product.create({ ...env, DATABASE_URL: database.url });
    const running = new BenchProduct(product, owner, database, folder);
    try {
      await product.start('--no-sim');
    } catch (error) {
      await running.end();
      throw error;
    }
    return running;
  }

  get ocppPort(): number {
    return Number(new URL(this.product.credentials.ocpp).port);
  }

  get csmsPid(): number {
    return descendantRunning(this.product.pid, 'services/csms/dist/bundle/main.js');
  }

  get settlementPid(): number {
    return descendantRunning(this.product.pid, 'services/settlement/dist/bundle/main.js');
  }

  /** The server process of PostgreSQL; its sessions are its children. */
  get postgresPid(): number {
    return Number(readFileSync(join(this.database.clusterFolder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** HMAC key of issued pile keys. */
  get pepper(): Buffer {
    return Buffer.from(readFileSync(join(this.product.dataFolder, 'pile-key-pepper'), 'utf8').trim(), 'hex');
  }

  /** Ends and removes everything. */
  async end(): Promise<void> {
    await this.product.destroy();
    await this.owner.end();
    await this.database.stop();
    rmSync(dirname(this.database.clusterFolder), { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
