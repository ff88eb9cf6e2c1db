// Plays one fixed story on the compiled contract and prints every write set: equal bytes whatever the process's surroundings.
import { createHash } from 'node:crypto';
import { MemoryLedger } from '../../dist/embedded/index.js';

const NOW_MS = Date.UTC(2026, 2, 29, 0, 30);
const START_MS = NOW_MS - 7_200_000;
const ledger = new MemoryLedger();
const hash = createHash('sha256');

async function run(fn, args, mspId, role) {
  const simulation = await ledger.simulate(fn, args, { mspId, role }, NOW_MS);
  for (const { key, value } of simulation.writeSet) hash.update(key).update(value ?? '-');
  for (const { key, version } of simulation.readSet) hash.update(key).update(version ?? '-');
  hash.update(simulation.result).update(simulation.event?.payload ?? '-');
  const code = await ledger.commit(simulation);
  if (code !== 'VALID' || simulation.result.includes('rejected'))
    throw new Error(`${fn}: ${code} ${simulation.result}`);
}

const shape = {
  alphaE6: '10000000',
  betaE6: '500000',
  sigmaE6: '1000000',
  maxLevel: 5,
  maxRating: 5,
  thresholdMinor: '0',
};
const limits = {
  minCreditE6: '0',
  currency: 'CNY',
  currencyDecimals: 2,
  endorsementRangeBlocks: 10,
  endorsementQuorum: 1,
};
await run('SetParameters', { ...shape, ...limits }, 'SUPERVISION', 'supervisor');
await run('RegisterOperator', { operatorId: 'TELD', name: 'Äöü 特来电' }, 'SUPERVISION', 'supervisor');
const hours = [0, 6, 12, 18];
const prices = hours.map((hour, index) => ({
  priceId: `P${index}`,
  fromMinute: hour * 60,
  toMinute: (hour + 6) * 60,
  weekdayMask: 127,
  validFromMs: 0,
  validToMs: null,
  electricityPriceE4: String(10_001 + 777 * index),
  servicePriceE4: '3333',
}));
await run('PublishTariff', { tariffId: 'T', operatorId: 'TELD', prices, publishedAtMs: NOW_MS }, 'TELD', 'operator');
const offsets = [
  { fromMs: 0, offsetMinutes: 60 },
  { fromMs: Date.UTC(2026, 2, 29, 1), offsetMinutes: 120 },
];
const station = {
  stationId: 'CS',
  operatorId: 'TELD',
  name: 'i̇stanbul',
  peerNode: 'n',
  tariffId: 'T',
  latE6: 1,
  lonE6: 2,
  offsets,
  piles: [],
};
await run('RegisterStation', station, 'TELD', 'operator');
await run(
  'ReportEndorsements',
  { fromBlock: 0, toBlock: 9, ledgerUpdates: 15, tally: [{ peerNode: 'n', endorsements: 7 }] },
  'TELD',
  'settler',
);
const evIds = Array.from({ length: 20 }, (_, index) => `EV-${(index * 7919) % 97}-${'iIıİ'.length}`);
for (const evId of evIds) {
  await run('OpenAccount', { evId, operatorId: 'TELD' }, 'TELD', 'operator');
  await run('Deposit', { evId, amountMinor: '5000', reference: `d-${evId}` }, 'TELD', 'treasurer');
}
const items = evIds.flatMap((evId, index) =>
  ['a', 'B', '_'].map((mark) => ({
    settlementId: `s-${mark}-${index}`,
    evId,
    stationId: 'CS',
    startMs: START_MS,
    endMs: START_MS + 3_600_000,
    meterStartWh: '0',
    meterStopWh: String(1_000 * (index + 1)),
    // 23:30 to 00:30 in the station's time: two prices.
    lines: [
      { priceId: 'P3', fromMs: START_MS, toMs: START_MS + 1_800_000, energyWh: String(400 * (index + 1)) },
      { priceId: 'P0', fromMs: START_MS + 1_800_000, toMs: START_MS + 3_600_000, energyWh: String(600 * (index + 1)) },
    ],
    totalMinor: '0',
    evidenceSha256: 'ab'.repeat(32),
  })),
);
const half = (value) => (value + 50_000n) / 100_000n;
const fee = (priceE4, line) => half(priceE4 * BigInt(line.energyWh)) + half(3_333n * BigInt(line.energyWh));
const priced = items.map((item) => ({
  ...item,
  totalMinor: String(fee(12_332n, item.lines[0]) + fee(10_001n, item.lines[1])),
}));
// Default sort: by code unit, never by locale.
const sorted = priced.sort((a, b) => (a.settlementId < b.settlementId ? -1 : 1));
await run('SettleBatch', { operatorId: 'TELD', items: sorted }, 'TELD', 'settler');
const ratings = sorted.map(({ settlementId, evId }, index) => ({ settlementId, evId, rating: (index % 5) + 1 }));
await run('RateBatch', { items: ratings }, 'TELD', 'settler');
await run(
  'IssueCreditNote',
  { settlementId: 's-a-3', evId: evIds[3], reference: 'n-1', reason: 'ß' },
  'TELD',
  'treasurer',
);
const { result } = await ledger.simulate('Supply', {}, { mspId: 'TELD', role: 'auditor' }, NOW_MS);
process.stdout.write(JSON.stringify({ sha256: hash.digest('hex'), supply: JSON.parse(result) }));
