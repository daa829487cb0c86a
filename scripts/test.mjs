// Runs the checks and tests: node scripts/test.mjs [static] [unit] [long] [e2e]; without a name, all. Everything runs even when
// something failed before; the last line sums up, and the exit code is 1 when anything failed or nothing ran.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findRuntime } from './electron-runtime.mjs';
import { ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { sandboxFlags } from './sandbox.mjs';
import { fail, Mendable, say } from './say.mjs';
import { startVirtualDisplay } from './virtual-display.mjs';

/** Of tests that kill, race or guess hundreds of times: `*.long.test.ts`. */
const LONG = '.long.test.';
const PARTS = { static: runStatic, unit: runUnit, long: runLong, e2e: runE2e };
const RESULTS = join(ROOT, 'test-results');
const modulePath = (...path) => join(ROOT, 'node_modules', ...path);
const TSC = modulePath('typescript', 'bin', 'tsc');
const BIOME = modulePath('@biomejs', 'biome', 'bin', 'biome');
const VITEST = modulePath('vitest', 'vitest.mjs');
const PLAYWRIGHT = modulePath('@playwright', 'test', 'cli.js');

const STATIC_CHECKS = [
  { name: 'lint and format', args: [BIOME, 'check', '--error-on-warnings', '--colors=off'] },
  ...['electron', 'shared', 'renderer', '.'].map((project) => ({
    name: `types of ${project === '.' ? 'tests and scripts' : project}`,
    args: [TSC, '-p', project],
  })),
];

async function runCheck({ name, args }) {
  const started = Date.now();
  const { code, output } = await run(process.execPath, args, { cwd: ROOT });
  const seconds = `${((Date.now() - started) / 1000).toFixed(1)} s`;
  console.log(code === 0 ? `ok      ${name} (${seconds})` : `FAILED  ${name} (${seconds})\n${output.trimEnd()}\n`);
  return code === 0;
}

/** Two at a time: each of them already uses more than one core. */
async function runStatic() {
  const waiting = [...STATIC_CHECKS];
  const counts = { passed: 0, failed: 0 };
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      if (await runCheck(check)) counts.passed++;
      else counts.failed++;
    }
  };
  await Promise.all([worker(), worker()]);
  return counts;
}

/** Runs a test program that leaves a JSON report; what it says goes straight through. */
async function runReporting(name, args, { file, count, env }) {
  console.log(`\n${name}`);
  const report = join(RESULTS, file);
  await rm(report, { force: true });
  const colour = process.stderr.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: undefined };
  const { code } = await run(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...colour, ...env },
    live: true,
  });
  let counts = { passed: 0, failed: 0 };
  try {
    counts = count(JSON.parse(await readFile(report, 'utf8')));
  } catch {
    console.log(`${name} left no report.`);
  }
  // A crash, a file that could not be loaded, or nothing found: not one test says so, but the exit code does.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

function runUnit() {
  return runVitest('Unit and flow tests', 'unit.json', [`--exclude=**/*${LONG}*`]);
}

function runLong() {
  return runVitest('Long tests', 'long.json', [LONG]);
}

function runVitest(name, file, which) {
  const outputs = ['--reporter=default', '--reporter=json', `--outputFile.json=${join(RESULTS, file)}`];
  return runReporting(name, [VITEST, 'run', ...outputs, ...which], {
    file,
    count: (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests }),
  });
}

async function runE2e() {
  await sandboxFlags(findRuntime().dist);
  // Windows of tests never open on the person's own screen.
  const display = process.platform === 'linux' ? await startVirtualDisplay({ width: 1600, height: 1000 }) : undefined;
  try {
    return await runReporting('Tests in real Electron', [PLAYWRIGHT, 'test', '--project=e2e'], {
      file: 'e2e.json',
      env: { ...display?.env, PLAYWRIGHT_JSON_OUTPUT_FILE: join(RESULTS, 'e2e.json') },
      count: ({ stats }) => ({ passed: stats.expected, failed: stats.unexpected + stats.flaky }),
    });
  } finally {
    await display?.stop();
  }
}

async function runParts(names) {
  const unknown = names.find((name) => !(name in PARTS));
  if (unknown) throw new Mendable(`There is no part "${unknown}".`, `use ${Object.keys(PARTS).join(', ')} or nothing`);
  await mkdir(RESULTS, { recursive: true });
  const total = { passed: 0, failed: 0 };
  for (const name of names.length > 0 ? names : Object.keys(PARTS)) {
    const counts = await PARTS[name]().catch((error) => {
      say(`${name}: ${error.message}${error.mend ? `\n  to mend it: ${error.mend}` : ''}`);
      return { passed: 0, failed: 1 };
    });
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

runParts(process.argv.slice(2)).catch(fail);
