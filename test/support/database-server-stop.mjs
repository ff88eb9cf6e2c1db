// jest global teardown: ends what database-server.mjs started.
export default async function stopDatabaseServer() {
  await globalThis.tallywattTestDatabase?.stop();
}
