// The main script of the fallback runtime's default_app.asar: runs the app folder named on the command line, as
// Electron's own default app does.
const { existsSync, readFileSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');
const Module = require('node:module');
const { app } = require('electron');

const preloads = [];
let folder;
const args = process.argv.slice(1);
for (let i = 0; i < args.length && folder === undefined; i++) {
  if (args[i] === '-r' || args[i] === '--require') preloads.push(args[++i]);
  else if (!args[i].startsWith('-')) folder = resolve(args[i]);
}

if (preloads.length > 0) Module._preloadModules(preloads);
if (folder === undefined) {
  process.stderr.write('This runtime needs the folder of an app as its argument.\n');
  app.exit(2);
} else {
  Object.defineProperty(process, 'defaultApp', { enumerable: true, value: true });
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest)) {
    const { name, productName, version } = JSON.parse(readFileSync(manifest, 'utf8'));
    if (version) app.setVersion(version);
    if (productName || name) app.name = productName || name;
    app.setAppPath(folder);
  } else {
    app.setAppPath(dirname(Module._resolveFilename(folder, null, true)));
  }
  Module._load(folder, module, true);
}
