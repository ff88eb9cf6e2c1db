import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Harness, readScenario, runScenario } from '@tallywatt/charge-point-simulator';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { MovingClock, SharedDays } from '../support/moving-clock.js';
import { databaseUrlOf } from '../support/product-processes.js';
import { Product } from '../support/product.js';

const FOLDER = fileURLToPath(new URL('../../simulators/charge-point/scenarios/', import.meta.url));
const START_MS_MAX = 180_000;
const PLAY_MS_MAX = 300_000;
/** Scenarios in play at once: their piles and drivers never meet. */
const AT_ONCE = 8;
const SEED = 20_180_601;

const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const passesDays = (file: string): boolean => readScenario(FOLDER + file).steps.some((step) => step.do === 'later');

/** Every way in which chargers misbehave, played by the simulator against one product: each ends as its file says. */
describe('scenario files', () => {
  const clock = new MovingClock();
  const told = new Map<string, string>();
  let product: Product;
  let database: pg.Client | undefined;

  async function play(file: string, passDay: Harness['passDay']): Promise<void> {
    let words = '';
    const output = { isTTY: false, write: (text: string) => void (words += text) };
    const harness = { passDay, linkWithoutAccount };
    const options = { file: FOLDER + file, credentials: product.credentialsFile, seed: SEED, harness };
    const code = await runScenario(options, output, clock).catch((error: unknown) => String(error));
    told.set(file, code === 0 ? 'as expected' : `${words}${code}`);
  }

  /** Cannot be made over the API: the ledger has the account before a card is linked to it. */
  async function linkWithoutAccount(idTag: string, evId: string, operatorId: string): Promise<void> {
    await database?.query('insert into csms.account values ($1, $2, 1)', [evId, operatorId]);
    await database?.query(
      'insert into csms.id_tag (id_tag_key, id_tag, ev_id, operator_id) values (lower($1), $1, $2, $3)',
      [idTag, evId, operatorId],
    );
  }

  beforeAll(async () => {
    product = await Product.create(clock.env);
    await product.start('--no-sim');
    database = new pg.Client(databaseUrlOf(product.dataFolder));
    await database.connect();
    const timed = files.filter(passesDays);
    const queue = files.filter((file) => !timed.includes(file));
    const worker = async (): Promise<void> => {
      for (let file = queue.shift(); file !== undefined; file = queue.shift())
        await play(file, () => Promise.reject(new Error('no days pass here')));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const days = new SharedDays(timed.length, () => clock.passDay());
    await Promise.all(timed.map((file) => play(file, () => days.next()).then(() => days.leave())));
  }, START_MS_MAX + PLAY_MS_MAX);

  afterAll(async () => {
    await database?.end();
    await product.destroy();
    clock.remove();
  }, START_MS_MAX);

  it.each(files)('%s', (file) => expect(told.get(file)).toBe('as expected'));

  it('leaves every process as it was: nothing died of what it was sent', () => {
    expect(product.printed).not.toMatch(/uncaught|unhandled|restart/i);
  });
});
