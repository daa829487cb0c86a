import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { modeSchema } from '../shared/session/config.ts';
import { exitCodes } from './cli/exit-codes.ts';
import { type RunFlags, runPrompt } from './cli/run.ts';
import { listSessions, showSession } from './cli/sessions.ts';
import { type ExportFlags, exportToFile, importFromFile } from './cli/transfer.ts';
import { defaultUserDataDir } from './data-folder.ts';

/** As the person means it where they stand; `~/` is left to be looked up. */
const fromHere = (path: string): string => (/^~(\/|$)/.test(path) ? path : resolve(path));

const dataDirOption = () =>
  new Option('--user-data-dir <dir>', 'data folder')
    .default(defaultUserDataDir(process.env), "the window's")
    .argParser((path: string) => resolve(path));

const collect = (value: string, list: string[]): string[] => [...list, value];

function positive(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

function program(finish: (code: number) => void): Command {
  const root = new Command('switchyard')
    .description('Runs Switchyard agents without a window.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => process.stderr.write(text) })
    .showHelpAfterError('(add --help for the options)');

  root
    .command('run')
    .description('run one prompt; the answer goes to standard output')
    .argument('<prompt>', 'what to do')
    .option('--workspace <dir>', 'folder to work in', fromHere, process.cwd())
    .option('--model <name>', 'model to use (default: OPENAI_MODEL, else the only one there is)')
    .option('--base-url <url>', 'OpenAI-compatible endpoint; its key comes from OPENAI_API_KEY')
    .addOption(new Option('--mode <mode>', 'permission mode').choices(modeSchema.options).default('manual'))
    .option('--allow <rule>', 'allow calls that match, such as "Bash(npm test *)"; repeatable', collect, [])
    .option('--deny <rule>', 'deny calls that match; repeatable', collect, [])
    .option('--session <id>', 'continue a session')
    .option('--max-turns <n>', 'stop after so many turns', positive)
    .addOption(
      new Option('--output <format>', 'text, or json: one event a line').choices(['text', 'json']).default('text'),
    )
    .addOption(dataDirOption())
    .action(async (prompt: string, flags: RunFlags) => finish(await runPrompt(prompt, flags)));

  root
    .command('sessions')
    .description('list the sessions of the data folder, newest first')
    .option('--json', 'one JSON object a line')
    .addOption(dataDirOption())
    .action(async (flags: { json?: boolean; userDataDir: string }) => finish(await listSessions(flags)));

  root
    .command('show')
    .description('print a session')
    .argument('<id>', 'id of the session')
    .option('--json', 'its event envelopes, one a line')
    .addOption(dataDirOption())
    .action(async (id: string, flags: { json?: boolean; userDataDir: string }) => finish(await showSession(id, flags)));

  root
    .command('export')
    .description('write a session to a file or to standard output; what looks like a secret is taken out')
    .argument('<id>', 'id of the session')
    .addOption(
      new Option('--format <format>', 'json can be imported again').choices(['json', 'markdown']).default('json'),
    )
    .option('--output <file>', 'file to write (default: standard output)')
    .addOption(dataDirOption())
    .action(async (id: string, flags: ExportFlags) => finish(await exportToFile(id, flags)));

  root
    .command('import')
    .description('make a new session from an exported one (JSON); prints its id')
    .argument('<file>', 'the exported session')
    .addOption(dataDirOption())
    .action(async (file: string, flags: { userDataDir: string }) => finish(await importFromFile(file, flags)));

  return root;
}

async function main(): Promise<number> {
  let code: number = exitCodes.failed;
  try {
    await program((given) => {
      code = given;
    }).parseAsync(process.argv);
    return code;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? exitCodes.completed : exitCodes.usage;
  }
}

// Output that nobody reads any more (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCodes.completed : exitCodes.failed);
});

main().then(
  (code) => {
    process.exitCode = code;
  },
  (thrown: unknown) => {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    process.exitCode = exitCodes.failed;
  },
);
