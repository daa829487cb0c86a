import { createSettings } from '../../../../electron/storage/settings.ts';

// Adds its own names to the settings, one change each.
const [path = '', name = '', count = '0'] = process.argv.slice(2);
const settings = createSettings({ path, log: { debug() {}, info() {}, warn() {}, error() {} } });
for (let index = 0; index < Number(count); index++) {
  await settings.change((current) => ({ ...current, environment: [...current.environment, `${name}_${index}`] }));
}
