// Adds up jest's JSON reports of a folder: prints what failed, then "N passed, N failed".
// Exit code 1 when anything failed or nothing passed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const reports = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));

let passed = 0;
let failed = 0;
for (const report of reports) {
  passed += report.numPassedTests;
  // A suite that does not even load has no failed test of its own.
  failed += report.numFailedTests + (report.numRuntimeErrorTestSuites ?? 0);
  for (const suite of report.testResults ?? []) {
    if (suite.status === 'failed' && suite.assertionResults.length === 0) console.log(`did not run: ${suite.name}`);
    for (const test of suite.assertionResults) if (test.status === 'failed') console.log(`failed: ${test.fullName}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
