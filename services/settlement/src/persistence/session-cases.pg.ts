import type { Bill, Evidence, Job, SessionCase } from '../reconciliation/session-case.js';
import type { AsOf } from '../reconciliation/session-source.js';
import type { StationTariff } from '../pricing/tariff-book.js';
import type { Sql } from './database.js';
import { tariffsOfPrices } from './former-tariffs.pg.js';
import { caseBills, caseTwins } from './session-bills.pg.js';
import { caseEvidence } from './session-evidence.pg.js';
import { caseJobs } from './session-jobs.pg.js';
import { PgStationTariffs } from './station-tariffs.pg.js';

/** A, B and C of each session, as of a moment; sessions that nobody knew then are left out. */
export async function loadCases(sql: Sql, sessionIds: readonly string[], asOf: AsOf): Promise<SessionCase[]> {
  const evidence = await caseEvidence(sql, sessionIds, asOf);
  const bills = await caseBills(sql, sessionIds, asOf);
  const jobs = await caseJobs(sql, [...new Set([...sessionIds, ...bills.map((bill) => bill.billId)])], asOf);
  const twins = await caseTwins(sql, sessionIds, asOf);
  const tariffs = await caseTariffs(sql, { evidence: [...evidence.values()], jobs: [...jobs.values()], bills });
  return sessionIds.flatMap((sessionId) => {
    const own = bills.filter((bill) => bill.sessionId === sessionId);
    const ownJobs = [...new Set([sessionId, ...own.map((bill) => bill.billId)])].flatMap((id) => jobs.get(id) ?? []);
    const facts = evidence.get(sessionId);
    if (facts === undefined && ownJobs.length === 0 && own.length === 0) return [];
    const stationId = own[0]?.stationId ?? facts?.stationId ?? ownJobs[0]?.stationId ?? '';
    const tariff = tariffs(stationId, own);
    return [{ sessionId, evidence: facts, jobs: ownJobs, bills: own, twins: twins.get(sessionId) ?? [], tariff }];
  });
}

interface Known {
  readonly evidence: readonly Evidence[];
  readonly jobs: readonly Job[];
  readonly bills: readonly Bill[];
}

/**
 * How a session is priced: by its station's tariff. A station may have got another tariff since: bills from before keep
 * the one that they name.
 */
async function caseTariffs(
  sql: Sql,
  { evidence, jobs, bills }: Known,
): Promise<(stationId: string, bills: readonly Bill[]) => StationTariff | undefined> {
  const stationIds = [...new Set([...evidence, ...jobs, ...bills].map((side) => side.stationId))];
  const stations = await new PgStationTariffs(sql).stationTariffs(stationIds);
  const current = new Map(stations.map((station) => [station.stationId, station]));
  const changedAt = await stationBlocks(sql, stationIds);
  const moved = bills.filter((bill) => bill.blockNumber < (changedAt.get(bill.stationId) ?? 0));
  const former = await tariffsOfPrices(sql, [
    ...new Set(moved.flatMap((bill) => bill.lines.map((line) => line.priceId))),
  ]);
  return (stationId, own) => {
    const station = current.get(stationId);
    const bill = own.find((one) => moved.includes(one));
    const tariff = former.find((one) => one.prices.some((price) => price.priceId === bill?.lines[0]?.priceId));
    if (station === undefined || tariff === undefined || tariff.operatorId !== station.operatorId) return station;
    return { ...station, tariff };
  };
}

async function stationBlocks(sql: Sql, stationIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.rows<{ station_id: string; block_number: string }>(
    'select station_id, block_number from settlement.station where station_id = any($1)',
    [stationIds],
  );
  return new Map(rows.map((row) => [row.station_id, Number(row.block_number)]));
}
