/** What the ledger commands read from their environment. @throws Error with one clear line. */
export function readLedgerDatabaseUrl(variables: Readonly<Record<string, string | undefined>> = process.env): string {
  const url = variables['DATABASE_URL'];
  if (url === undefined || !/^postgres(ql)?:\/\//.test(url)) {
    throw new Error('DATABASE_URL must name the PostgreSQL of the ledger (postgres://…)');
  }
  return url;
}
