import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** What every view needs, in one file: as seventy small ones it was 12 kB larger compressed, and each is a request. */
const base =
  /node_modules\/(?:react|react-dom|scheduler|react-router|@floating-ui|@tabler|@tanstack\/(?:query-core|react-query)|@mantine\/(?:hooks|core\/esm\/core|core\/esm\/components\/(?:ActionIcon|AppShell|Burger|Button|CloseButton|FocusTrap|Input|InputBase|Loader|Menu|Overlay|Paper|Popover|Portal|ScrollArea|Skeleton|Stack|Text|TextInput|Textarea|Title|Tooltip|Transition|UnstyledButton|VisuallyHidden)))\//;

export default defineConfig({
  root: import.meta.dirname,
  // Addresses relative to where a file lies: the page works under any prefix.
  base: './',
  plugins: [react()],
  build: {
    target: 'es2023',
    sourcemap: false,
    reportCompressedSize: false,
    // The PDF reader is larger, and loaded only when a PDF is shown.
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', test: base }] } } },
  },
  // With the Host that the browser knows: changes from pages of another origin are refused.
  // The page's own sources in web/api/ are Vite's to answer: the API has no path that ends so.
  server: {
    proxy: { '^/api/(?![^?]*\\.ts(?:\\?|$))': { target: 'http://127.0.0.1:8001', changeOrigin: false } },
  },
});
