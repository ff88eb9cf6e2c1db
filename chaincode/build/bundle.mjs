// One CommonJS file that a peer's chaincode server loads: domain and contracts inside, fabric-* outside.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** Under chaincode/, so that fabric-* resolves from it. */
export const BUNDLE_FILE = here('../dist/bundle/index.cjs');

await build({
  // What tsc emitted: it carries the decorators' metadata, which esbuild would not.
  entryPoints: [here('../dist/index.js')],
  outfile: BUNDLE_FILE,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: ['fabric-contract-api', 'fabric-shim', 'fabric-shim-api'],
  // Without it decorated classes are renamed, and with them the contracts.
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
});
