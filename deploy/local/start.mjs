// npm start: builds what changed, then hands over to the compiled start command.
import { build } from './build.mjs';

await build();
const { main } = await import('./dist/start/main.js');
await main(process.argv.slice(2));
