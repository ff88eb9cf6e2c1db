import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONTRACT_NAME } from './contract/contract-node.js';
import { FabricFault } from './fault.js';
import { identityFolder } from './identities.js';
import type { NetworkFolder } from './network-folder.js';
import type { PeerCli } from './peer-cli.js';
import type { Operator, Topology } from './topology.js';

/** A network that is not up by then has a fault that waiting will not mend. */
export const READY_MS_MAX = 60_000;
const POLL_MS = 100;
/** A port of this machine answers at once or not at all. */
export const CONNECT_MS_MAX = 1_000;

/** Repeats `attempt` until it succeeds; after {@link READY_MS_MAX} its last error is the answer. */
export async function eventually<T>(what: string, attempt: () => Promise<T>, waitMs = READY_MS_MAX): Promise<T> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new FabricFault(`${what}: not within ${waitMs / 1000} s. ${reason}`);
      }
      await sleep(POLL_MS);
    }
  }
}

/** Rejects while somebody listens there. */
export function isFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: CONNECT_MS_MAX });
    const answer = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once('connect', () => answer(new Error(`Somebody answers on ${host}:${port}.`)));
    socket.once('timeout', () => answer());
    socket.once('error', () => answer());
  });
}

function call(fn: string, args: object): string {
  return JSON.stringify({ Args: [fn, JSON.stringify(args)] });
}

/** Answers when this operator's own peer and contract server evaluate: a gateway may ask another one's, silently. */
export async function evaluates(
  cli: PeerCli,
  topology: Topology,
  folder: NetworkFolder,
  operator: Operator,
): Promise<void> {
  const [peer] = operator.peers;
  if (peer === undefined) return;
  const identity = identityFolder(folder.operatorCrypto(operator), 'operator');
  const query = ['chaincode', 'query', '-C', topology.channel, '-n', CONTRACT_NAME];
  await cli.as(operator, peer, identity, [...query, '-c', call('governance:Supply', {})]);
}

/**
 * The first transaction of a network, and of every later `up`: supervision anchors the hash of the genesis block, endorsed
 * by one peer of every operator. Resolves when it is in a block.
 */
export async function submits(cli: PeerCli, topology: Topology, folder: NetworkFolder): Promise<void> {
  const { supervision, channel, operators } = topology;
  const [operator] = operators;
  const [peer] = operator?.peers ?? [];
  if (operator === undefined || peer === undefined) return;
  const sha256 = createHash('sha256').update(readFileSync(folder.genesisBlock)).digest('hex');
  const identity = identityFolder(folder.supervisionCrypto(supervision), 'supervisor');
  const invoke = ['chaincode', 'invoke', '-C', channel, '-n', CONTRACT_NAME, '--waitForEvent', ...cli.ordering()];
  await cli.as({ ...operator, mspId: supervision.mspId }, peer, identity, [
    ...invoke,
    ...cli.endorsing(operators),
    '-c',
    call('governance:Anchor', { kind: 'genesis', ref: channel, sha256 }),
  ]);
}
