import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * React is CommonJS, which the bundler wraps in `((exports) => {…})`, the form that V8 compiles at once instead of parsing it now and
 * again when it is called, a few ms later. V8 11, which the runtime for development has, knows that form of `function` alone.
 */
const compileAtOnce: Plugin = {
  name: 'compile-at-once',
  renderChunk: (code) => code.replace(/(?<=__commonJSMin\(\()(\(.*?\)) => \{/g, 'function $1 {'),
};

/** The renderer alone; main, preload and the command line are bundled by scripts/build.mjs. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react(), tailwindcss(), compileAtOnce],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome114',
    cssTarget: 'chrome114',
    minify: true,
    // Chromium preloads modules by itself; what is served from the disk needs no size report either.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4000,
    // An inlined asset would be a data: URL, which the content policy allows for images only.
    assetsInlineLimit: 0,
  },
});
