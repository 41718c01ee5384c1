import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { requireBrowser } from './support/browser.ts';

/**
 * `npm test`: style beside types and build, every test project, then the browser. `--nuit` adds the
 * long tests. Stops at the first stage where a step fails and ends on a line that counts the tests.
 */
interface Step {
  name: string;
  command: string[];
  /** JSON report to count tests in. */
  report?: string;
}

const RESULTS = 'test-results';
/** Steps of one stage run side by side. */
const STAGES: Step[][] = [
  [
    { name: 'style', command: ['npm', 'run', '-s', 'lint'] },
    // One after the other: both write `.svelte-kit`.
    { name: 'types, build', command: ['sh', '-c', 'npm run -s check && npm run -s build'] }
  ],
  [
    {
      name: 'unit, queries, integration, architecture',
      command: ['npx', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile=${RESULTS}/vitest.json`],
      report: `${RESULTS}/vitest.json`
    }
  ],
  [
    {
      name: 'browser',
      command: ['npx', 'playwright', 'test', '-c', 'tests/e2e/playwright.config.ts'],
      report: `${RESULTS}/e2e.json`
    }
  ]
];

interface Counts {
  passed: number;
  failed: number;
}

function countTests(path: string): Counts {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  return 'numPassedTests' in report
    ? { passed: report.numPassedTests, failed: report.numFailedTests }
    : { passed: report.stats.expected, failed: report.stats.unexpected + report.stats.flaky };
}

const night = process.argv.includes('--nuit');
const env = { ...process.env, ...(night ? { VIGIE_NUIT: '1' } : {}) };
rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
requireBrowser();
const total: Counts = { passed: 0, failed: 0 };

/** True when the step passed; its tests are added to the total. */
async function passes({ name, command, report }: Step): Promise<boolean> {
  const start = Date.now();
  const [program, ...args] = command;
  const [status] = (await once(spawn(program!, args, { stdio: 'inherit', env }), 'close')) as [number | null];
  const counts = report ? countTests(report) : { passed: 0, failed: 0 };
  total.passed += counts.passed;
  total.failed += counts.failed;
  console.log(`\n— ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${Math.round((Date.now() - start) / 1000)} s\n`);
  return status === 0;
}

for (const stage of STAGES) {
  const passed = await Promise.all(stage.map(passes));
  if (passed.every(Boolean)) continue;
  process.exitCode = 1;
  break;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
