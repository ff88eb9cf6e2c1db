// The listeners must be noted before fabric-shim loads, or a fault would not end the process.
import { removeAddedFaultListeners } from '../process-listeners.js';
import { parseArgs } from 'node:util';
import { startContractServer } from './contract-server.js';

removeAddedFaultListeners();

function required(name: string, value: string | undefined): string {
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

const { values } = parseArgs({
  options: {
    'package-id': { type: 'string' },
    address: { type: 'string' },
    'tls-key': { type: 'string' },
    'tls-cert': { type: 'string' },
    'client-ca': { type: 'string' },
    plain: { type: 'boolean', default: false },
  },
});
await startContractServer({
  packageId: required('package-id', values['package-id']),
  address: required('address', values.address),
  tlsKeyFile: required('tls-key', values['tls-key']),
  tlsCertificateFile: required('tls-cert', values['tls-cert']),
  clientAuthorityFile: required('client-ca', values['client-ca']),
  bulk: !values.plain,
});
process.stdout.write(`${JSON.stringify({ ready: true, address: values.address })}\n`);
