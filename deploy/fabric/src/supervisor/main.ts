import { readFileSync } from 'node:fs';
import { NodeProcess } from './node-process.js';
import { NETWORK_MARK, PLAN } from './plan.js';

const [planFile] = process.argv.slice(2);
if (planFile === undefined) throw new Error('usage: supervisor PLAN');

const plan = PLAN.parse(JSON.parse(readFileSync(planFile, 'utf8')));
const notice = (line: string): void => void process.stdout.write(`${new Date().toISOString()} ${line}\n`);
const nodes = plan.nodes.map((node) => new NodeProcess(node, { [NETWORK_MARK]: plan.network }, notice));
for (const node of nodes) node.start();
notice(`${nodes.length} nodes started`);

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  await Promise.all(nodes.map((node) => node.stop()));
  notice('all nodes ended');
  process.exit(0);
};
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
