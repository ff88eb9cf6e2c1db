// npm run ledger: builds what changed, then runs the ledger command on the data folder's database.
import { build } from './build.mjs';

build();
const { main } = await import('./dist/ledger/main.js');
await main(process.argv.slice(2));
