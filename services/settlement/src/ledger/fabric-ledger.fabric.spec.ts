import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SmallNetwork, COMMAND_MS_MAX } from '../../../../test/fabric/small-network.js';
import { by, commit, openEmbeddedLedger, playEverything, sceneItem } from '../testing/ledger-scene.js';
import { PgLedgerStore } from '../persistence/ledger-store.pg.js';
import { createSettlementDatabase } from '../testing/test-database.js';
import { openFabricLedger, type FabricLedger } from './fabric-ledger.js';
import type { LedgerBlock, LedgerPort } from './ledger.port.js';

const SCENE_MS_MAX = 120_000;
const WAIT_MS = 20_000;

const treasurer = by('TELD', 'treasurer');

/** What is left when everything was played: money, credit, bills; no times, no block numbers. */
async function books(ledger: LedgerPort): Promise<unknown> {
  const operator = by('TELD', 'operator');
  const ask = async (query: string, args: object): Promise<unknown> =>
    JSON.parse(await ledger.evaluate(query, args, operator));
  const station = (await ask('GetStation', { stationId: 'CS-1' })) as { balance: object };
  return {
    accounts: [await ask('GetAccount', { evId: 'EV-1' }), await ask('GetAccount', { evId: 'EV-2' })],
    // Delta keys carry transaction ids.
    station: { ...station, balance: { ...station.balance, deltaKeys: [] } },
    supply: await ask('Supply', {}),
    bills: await ask('BillsByAccount', { evId: 'EV-1', pageSize: 10, bookmark: '' }),
  };
}

describe('the consortium’s ledger', () => {
  let small: SmallNetwork;
  let ledger: FabricLedger;
  const faults: string[] = [];
  beforeAll(async () => {
    small = await SmallNetwork.create();
    expect(small.run('up')).toMatchObject({ code: 0 });
    ledger = openFabricLedger(small.network.folder.connectionProfile, (fault) => faults.push(fault));
  }, COMMAND_MS_MAX);
  afterAll(async () => {
    await ledger.stop();
    await small.destroy();
  }, 60_000);

  async function blocks(from: bigint, until: (block: LedgerBlock) => boolean): Promise<LedgerBlock[]> {
    const stop = new AbortController();
    const read: LedgerBlock[] = [];
    for await (const block of ledger.blocks(from, stop.signal)) {
      read.push(block);
      if (until(block)) stop.abort();
    }
    return read;
  }

  it(
    'comes to the same books as the embedded one when everything happens to money',
    async () => {
      await playEverything(ledger);
      const databases = await createSettlementDatabase();
      const embedded = openEmbeddedLedger(new PgLedgerStore(databases.database));
      try {
        await playEverything(embedded);
        expect(await books(ledger)).toEqual(await books(embedded));
      } finally {
        await embedded.stop();
        await databases.drop();
      }
    },
    SCENE_MS_MAX,
  );

  it(
    'reads its blocks: chained, with signer, endorsers, writes and event of each transaction',
    async () => {
      const height = await ledger.height();
      const chain = await blocks(0n, ({ number }) => number === height - 1n);
      expect(chain.map(({ number }) => number)).toEqual(chain.map((_block, index) => BigInt(index)));
      for (const [index, block] of chain.slice(1).entries()) expect(block.previousHash).toBe(chain[index]?.hash);
      const transactions = chain.flatMap((block) => block.transactions);
      const settled = transactions.find(({ fn }) => fn === 'SettleBatch');
      expect(settled).toMatchObject({ code: 'VALID', creator: by('TELD', 'settler') });
      expect(settled?.writes.length).toBeGreaterThan(3);
      expect(settled?.event?.name).toBe('SettleBatch');
      expect(new Set(settled?.endorsers.map(({ mspId }) => mspId)).size).toBeGreaterThanOrEqual(3);
      expect(settled?.endorsers.map(({ peerNode }) => peerNode)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^node-\d+$/)]),
      );
      expect(faults).toEqual([]);
    },
    SCENE_MS_MAX,
  );

  it(
    'orders the same bytes once, however often and by whichever life they are submitted',
    async () => {
      const before = JSON.parse(await ledger.evaluate('GetAccount', { evId: 'EV-2' }, by('TELD', 'operator')));
      const prepared = await ledger.prepare(
        'Deposit',
        { evId: 'EV-2', amountMinor: '700', reference: 'once' },
        treasurer,
      );
      const secondLife = openFabricLedger(small.network.folder.connectionProfile, (fault) => faults.push(fault));
      try {
        await Promise.all([ledger.submit(prepared), secondLife.submit(prepared)]);
        expect(await ledger.commitStatus(prepared.txId, WAIT_MS)).toMatchObject({ code: 'VALID' });
        await secondLife.submit(prepared).catch(() => undefined);
        await commit(ledger, 'Deposit', { evId: 'EV-2', amountMinor: '1', reference: 'after' }, treasurer);
        expect(await secondLife.commitStatus(prepared.txId, WAIT_MS)).toMatchObject({ code: 'VALID' });
      } finally {
        await secondLife.stop();
      }
      const after = JSON.parse(await ledger.evaluate('GetAccount', { evId: 'EV-2' }, by('TELD', 'operator')));
      expect(BigInt(after.balanceMinor) - BigInt(before.balanceMinor)).toBe(701n);
    },
    SCENE_MS_MAX,
  );

  it(
    'does not know the status of what nobody submitted, and says "not yet"',
    async () => {
      const { txId } = await ledger.prepare(
        'Deposit',
        { evId: 'EV-1', amountMinor: '1', reference: 'never' },
        treasurer,
      );
      expect(await ledger.commitStatus(txId, 600)).toBeUndefined();
    },
    SCENE_MS_MAX,
  );

  it(
    'passes the contract’s refusals with their codes, and refuses callers that it has no identity for',
    async () => {
      await expect(
        ledger.prepare('Deposit', { evId: 'EV-9', amountMinor: '1', reference: 'x' }, treasurer),
      ).rejects.toMatchObject({ errorClass: 'final', code: 'UNKNOWN_ACCOUNT' });
      await expect(
        ledger.prepare('SettleBatch', { operatorId: 'TELD', items: [sceneItem('s-9')] }, treasurer),
      ).rejects.toMatchObject({ errorClass: 'final', code: 'ACCESS_DENIED' });
      await expect(ledger.evaluate('Supply', {}, by('NOBODY', 'operator'))).rejects.toMatchObject({
        errorClass: 'stop',
        code: 'ACCESS_DENIED',
      });
    },
    SCENE_MS_MAX,
  );
});
