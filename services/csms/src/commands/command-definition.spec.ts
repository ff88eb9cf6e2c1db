import { describe, expect, it } from '@jest/globals';
import { acceptedOrRejected, connectorFault, noFault } from './command-definition.js';

describe('command definitions share', () => {
  it('the reading of a status', () => {
    expect([acceptedOrRejected({ status: 'Accepted' }), acceptedOrRejected({ status: 'Anything' })]).toEqual([
      'accepted',
      'rejected',
    ]);
    expect(noFault()).toBeUndefined();
  });

  it('the numbering of connectors', () => {
    expect([connectorFault(undefined, 1), connectorFault(1, 1), connectorFault(0, 0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([connectorFault(0, 1), connectorFault(-1, 0)]).toEqual([
      'connectorId must be 1 or more',
      'connectorId must be 0 or more',
    ]);
  });
});
