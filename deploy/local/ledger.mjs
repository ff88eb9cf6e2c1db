// npm run ledger: builds what changed, then runs the ledger command on the data folder's database.
import { compile } from './build.mjs';

compile();
const { main } = await import('./dist/ledger/main.js');
await main(process.argv.slice(2));
