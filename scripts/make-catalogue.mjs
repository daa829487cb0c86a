// Writes electron/model/catalogue.json from a published version of @earendil-works/pi-ai (MIT): node scripts/make-catalogue.mjs VERSION.
// The package is fetched for its data files alone; nothing of it is run, and it is no dependency.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

const PACKAGE = '@earendil-works/pi-ai';
/** Who is believed for an id that several offer: the makers, then hosts that bill by token. Subscriptions have no prices to speak of. */
const PROVIDERS = [
  ...['openai', 'anthropic', 'google', 'deepseek', 'mistral', 'xai', 'meta', 'moonshotai', 'minimax', 'zai', 'xiaomi'],
  ...['openrouter', 'groq', 'cerebras', 'together', 'fireworks', 'huggingface', 'nvidia', 'baseten'],
];
const LIMIT = 150 * 1024;

const version = process.argv[2];
if (!version) throw new Error('usage: node scripts/make-catalogue.mjs VERSION');
const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
try {
  const npm = (...args) =>
    execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const archive = npm('pack', `${PACKAGE}@${version}`).trim().split('\n').at(-1);
  execFileSync('tar', ['xzf', archive], { cwd: folder });
  const date = JSON.parse(npm('view', PACKAGE, 'time', '--json'))[version].slice(0, 10);
  const text = render(date, readModels(join(folder, 'package/dist/providers/data')));
  if (text.length > LIMIT) throw new Error(`the catalogue has ${text.length} bytes, more than ${LIMIT}`);
  writeFileSync(join(ROOT, 'electron/model/catalogue.json'), text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** id -> [window, input, output, cachedInput?] or [window] where no price is known. */
function readModels(data) {
  const models = new Map();
  for (const provider of PROVIDERS) {
    const file = join(data, `${provider}.json`);
    if (!existsSync(file)) throw new Error(`no data of ${provider}; there are ${readdirSync(data).join(', ')}`);
    for (const group of Object.values(JSON.parse(readFileSync(file, 'utf8')))) {
      for (const [key, model] of Object.entries(group)) {
        const id = key.replace(/^chat:/, '').toLowerCase();
        if (key.startsWith('chat:') && model.contextWindow > 0 && !models.has(id)) models.set(id, toEntry(id, model));
      }
    }
  }
  // What the lookup finds without its provider prefix need not be said twice.
  for (const [id, entry] of models) {
    const bare = models.get(id.slice(id.lastIndexOf('/') + 1));
    if (bare && bare !== entry && String(bare) === String(entry)) models.delete(id);
  }
  return [...models].sort(([a], [b]) => (a < b ? -1 : 1));
}

function toEntry(id, { contextWindow, cost }) {
  const priced = cost && cost.input >= 0 && cost.output >= 0 && (cost.input + cost.output > 0 || id.endsWith(':free'));
  if (!priced) return [contextWindow];
  return [contextWindow, cost.input, cost.output, ...(cost.cacheRead > 0 ? [cost.cacheRead] : [])];
}

function render(date, models) {
  const lines = models.map(([id, entry]) => `${JSON.stringify(id)}: ${JSON.stringify(entry)}`);
  const source = `${PACKAGE} ${version} (MIT)`;
  return `{\n"date": "${date}",\n"source": "${source}",\n"models": {\n${lines.join(',\n')}\n}\n}\n`;
}
