// Called by electron-builder on a packed folder before its fuses are set.
const { rm } = require('node:fs/promises');
const { join } = require('node:path');

/** Removes the app that Electron brings along for development: the packed one must be the only one it can load. */
exports.default = async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const resources =
    electronPlatformName === 'darwin'
      ? join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Resources')
      : join(appOutDir, 'resources');
  await rm(join(resources, 'default_app.asar'), { force: true });
};
