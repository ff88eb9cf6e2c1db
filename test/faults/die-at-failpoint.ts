import { subscribe } from 'node:diagnostics_channel';
import { channelOf, FAILPOINTS } from './failpoints.js';
import { Condemned, KillOrders } from './kill-orders.js';

/** Loaded before a service's own main by `--import=…/die-at-failpoint.js?orders=FOLDER`; see docs/decisions/009. */
const folder = new URL(import.meta.url).searchParams.get('orders');
if (folder === null) throw new Error('die-at-failpoint needs ?orders=FOLDER');

const condemned = new Condemned(new KillOrders(folder), process.pid, () => process.kill(process.pid, 'SIGKILL'));
for (const { name } of Object.values(FAILPOINTS)) subscribe(channelOf(name), () => condemned.reached(name));
