import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkFolder } from './network-folder.js';
import { runTool } from './run-tool.js';
import type { Topology } from './topology.js';

/** Names that a node's certificate carries beside its own: clients on the same machine dial these. */
function alternativeNames(host: string): string[] {
  return [...new Set([host, 'localhost', '127.0.0.1'])];
}

/** What cryptogen is told; JSON is YAML. */
export function cryptogenConfig({ supervision, operators }: Topology): object {
  const spec = ({ name, host }: { name: string; host: string }): object => ({
    Hostname: name,
    SANS: alternativeNames(host),
  });
  return {
    OrdererOrgs: [
      {
        Name: supervision.mspId,
        Domain: supervision.domain,
        EnableNodeOUs: true,
        Specs: supervision.orderers.map(spec),
      },
    ],
    PeerOrgs: operators.map(({ mspId, domain, peers }) => ({
      Name: mspId,
      Domain: domain,
      EnableNodeOUs: true,
      Specs: peers.map(spec),
      Users: { Count: 0 },
    })),
  };
}

/** Makes the authorities, nodes' certificates and admins of a network once; an existing folder is kept as it is. */
export async function ensureCrypto(topology: Topology, folder: NetworkFolder, cryptogen: string): Promise<void> {
  if (existsSync(folder.crypto)) return;
  mkdirSync(folder.config, { recursive: true });
  const config = join(folder.config, 'cryptogen.yaml');
  writeFileSync(config, JSON.stringify(cryptogenConfig(topology), null, 2));
  await runTool(cryptogen, ['generate', `--config=${config}`, `--output=${folder.crypto}`]);
}
