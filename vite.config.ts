import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The renderer alone; main, preload and the command line are bundled by scripts/build.mjs. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react(), tailwindcss()],
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
