import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

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
  },
  // With the Host that the browser knows: changes from pages of another origin are refused.
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8001', changeOrigin: false } } },
});
