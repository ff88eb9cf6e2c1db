import { describe, expect, it, jest } from '@jest/globals';
import { createTestDatabase } from '../../../../test/support/database.js';
import { Database } from './database.js';
import { migrate } from './migrate.js';
import { PATIENCE_MS } from '../testing/until.js';

jest.setTimeout(PATIENCE_MS);

describe('migrations', () => {
  it('gives the service a role that cannot write what it only reads', async () => {
    const own = await createTestDatabase();
    await migrate(own.url);
    const database = new Database(own.url, 1);
    await expect(database.rows('update settlement.step set state = state')).rejects.toThrow('permission denied');
    await expect(database.rows('delete from settlement.bill')).rejects.toThrow('permission denied');
    await expect(database.rows('delete from settlement.ledger_block')).rejects.toThrow('permission denied');
    await expect(database.rows('delete from settlement.settlement')).rejects.toThrow('permission denied');
    await database.end();
    await own.drop();
  });
});
