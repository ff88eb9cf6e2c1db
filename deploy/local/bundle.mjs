// One file per service: a start reads one file instead of 1,800, which is most of the time from a kill to the next answer.
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const SERVICES = ['csms', 'settlement'];
/** Drivers of transports, validators and servers that Nest loads on demand and that we do not install. */
const NOT_INSTALLED = [
  '@fastify/*',
  '@grpc/*',
  '@nats-io/*',
  '@nestjs/websockets',
  'amqp-connection-manager',
  'amqplib',
  'class-transformer',
  'class-validator',
  'kafkajs',
  'mqtt',
  'pg-native',
];
/** They look for a native part beside themselves; nobody here signs by a hardware module. */
const NATIVE = ['msgpackr-extract', 'pkcs11js'];
/** CommonJS packages inside an ES module still ask for Node's own modules by `require`. */
const REQUIRE = `import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);`;

const root = new URL('../../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
/** Two folders below the service, as the compiled files are: paths beside a source mean the same in both. */
const bundleOf = (service) => at(`services/${service}/dist/bundle/main.js`);

/** Bundles those services whose compiled files or packages are younger than their bundle. */
export async function bundle() {
  const changedMs = Math.max(...inputs().map((file) => statSync(file).mtimeMs));
  const stale = SERVICES.filter((service) => !isYounger(bundleOf(service), changedMs));
  if (stale.length === 0) return;
  // Nothing to load when nothing changed.
  const { build } = await import('esbuild');
  await Promise.all(stale.map((service) => write(build, service)));
}

/** tsc writes a project's .tsbuildinfo whenever it wrote any of its files, npm its own list whenever it installed. */
function inputs() {
  const projects = ['packages', 'services'].flatMap((folder) =>
    readdirSync(at(folder)).map((name) => `${folder}/${name}`),
  );
  const files = [...projects, 'chaincode'].map((project) => at(`${project}/dist/.tsbuildinfo`));
  return [...files, at('node_modules/.package-lock.json'), fileURLToPath(import.meta.url)].filter(existsSync);
}

function isYounger(file, changedMs) {
  return existsSync(file) && statSync(file).mtimeMs >= changedMs;
}

async function write(build, service) {
  const startedAt = new Date();
  const { outputFiles } = await build({
    // What tsc emitted: it carries the decorators' metadata, which esbuild would not.
    entryPoints: [at(`services/${service}/dist/main.js`)],
    outfile: bundleOf(service),
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: [...NOT_INSTALLED, ...NATIVE],
    // Class names are in log lines and in what Nest says about a missing provider.
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: REQUIRE },
  });
  const file = bundleOf(service);
  mkdirSync(dirname(file), { recursive: true });
  // Whole or not at all: another start may read it at this moment.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, outputFiles[0].contents);
  // What is compiled while we bundle counts as younger.
  utimesSync(unfinished, startedAt, startedAt);
  renameSync(unfinished, file);
}
