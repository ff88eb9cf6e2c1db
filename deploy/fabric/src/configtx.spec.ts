import { describe, expect, it } from '@jest/globals';
import { BFT_TIMEOUTS, BLOCK_INTERVAL, channelConfig, endorsementPolicy } from './configtx.js';
import { cryptogenConfig } from './crypto-material.js';
import { NetworkFolder } from './network-folder.js';
import { readTopology } from './topology.js';

const FILE = new URL('../consortium.json', import.meta.url).pathname;
const topology = readTopology(FILE, 'full');
const folder = new NetworkFolder('/network');

describe('channel configuration', () => {
  it('wants three of the four operators, and never supervision, to endorse', () => {
    expect(endorsementPolicy(topology)).toBe("OutOf(3, 'TELD.peer', 'STAR.peer', 'SG.peer', 'PTNE.peer')");
  });

  it('names every orderer as a consenter with its own identity', () => {
    const text = JSON.stringify(channelConfig(topology, folder));
    for (const { name } of topology.supervision.orderers) {
      expect(text).toContain(`/signcerts/${name}.supervision.tallywatt-cert.pem`);
    }
  });

  it('complains about a leader after 3 s at the earliest, and cuts blocks no faster than 200 ms', () => {
    expect(parseFloat(BFT_TIMEOUTS.RequestComplainTimeout)).toBeGreaterThanOrEqual(3);
    expect(parseFloat(BFT_TIMEOUTS.RequestForwardTimeout)).toBeLessThan(
      parseFloat(BFT_TIMEOUTS.RequestComplainTimeout),
    );
    expect(parseInt(BLOCK_INTERVAL, 10)).toBeGreaterThanOrEqual(200);
    expect(parseInt(BLOCK_INTERVAL, 10)).toBeLessThanOrEqual(500);
  });
});

describe('certificates to be made', () => {
  it('cover every node under every name that a client dials', () => {
    expect(cryptogenConfig(topology)).toMatchObject({
      OrdererOrgs: [{ Domain: 'supervision.tallywatt', EnableNodeOUs: true }],
      PeerOrgs: [
        {
          Name: 'TELD',
          EnableNodeOUs: true,
          Specs: [{ Hostname: 'node-1', SANS: ['127.0.0.1', 'localhost'] }, {}, {}, {}, {}],
        },
        { Name: 'STAR' },
        { Name: 'SG' },
        { Name: 'PTNE' },
      ],
    });
  });
});
