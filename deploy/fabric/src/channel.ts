import { join } from 'node:path';
import { toolEnvironment } from './config/environment.js';
import type { NetworkFolder } from './network-folder.js';
import type { PeerCli } from './peer-cli.js';
import { runTool } from './run-tool.js';
import type { Operator, Orderer, Peer, Topology } from './topology.js';

function adminFlags(topology: Topology, folder: NetworkFolder, orderer: Orderer): string[] {
  const { supervision } = topology;
  const crypto = folder.supervisionCrypto(supervision);
  const tls = join(crypto, 'users', `Admin@${supervision.domain}`, 'tls');
  const server = ['-o', `${orderer.host}:${orderer.adminPort}`, '--ca-file', folder.tlsCa(crypto, supervision)];
  return [...server, '--client-cert', join(tls, 'client.crt'), '--client-key', join(tls, 'client.key')];
}

/** Lets an orderer consent on the channel; one that does already is left alone. */
export async function joinOrderer(
  topology: Topology,
  folder: NetworkFolder,
  osnadmin: string,
  orderer: Orderer,
): Promise<void> {
  const flags = adminFlags(topology, folder, orderer);
  const env = toolEnvironment();
  const listed = await runTool(osnadmin, ['channel', 'list', ...flags], { env });
  if (listed.includes(`"name": "${topology.channel}"`)) return;
  const channel = ['--channelID', topology.channel, '--config-block', folder.genesisBlock];
  const answer = await runTool(osnadmin, ['channel', 'join', ...channel, ...flags], { env });
  // osnadmin ends with 0 whatever the orderer said.
  if (!answer.includes('Status: 201')) throw new Error(`${orderer.name} did not join ${topology.channel}: ${answer}`);
}

/** Lets a peer follow the channel; one that does already is left alone. */
export async function joinPeer(
  topology: Topology,
  folder: NetworkFolder,
  cli: PeerCli,
  operator: Operator,
  peer: Peer,
): Promise<void> {
  const listed = await cli.asAdmin(operator, peer, ['channel', 'list']);
  if (listed.split('\n').includes(topology.channel)) return;
  await cli.asAdmin(operator, peer, ['channel', 'join', '-b', folder.genesisBlock]);
}
