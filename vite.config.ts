import { serwist } from '@serwist/vite';
import react from '@vitejs/plugin-react';
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Isolation gives finer timers and shared memory; the studio works without it too. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * What the built page may reach: its own files, WebAssembly, and nothing beyond. Workers that are loaded from a server
 * go by the headers of their own file, so that the policy has to come with those, too.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Writes the policy into builds only: the development server injects inline scripts. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
      injectTo: 'head-prepend',
    },
  ],
};

/** Headers of every file; frames can only be forbidden here, not in the page. */
const headers = { ...isolation, 'Content-Security-Policy': `${policy}; frame-ancestors 'none'` };

/** Writes the headers down for hosts that read them from a file (Netlify, Cloudflare Pages). */
const hostedHeaders: Plugin = {
  name: 'hosted-headers',
  apply: 'build',
  generateBundle() {
    const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}\n`);
    this.emitFile({ type: 'asset', fileName: '_headers', source: `/*\n${lines.join('')}` });
  },
};

/**
 * Keeps the studio for use without a network, ONNX Runtime included, without which no ONNX file is handed out. Other
 * runtimes are kept once they were loaded.
 */
const offline = serwist({
  swSrc: 'workers/offline/offline.worker.ts',
  swDest: 'offline.js',
  globDirectory: 'dist',
  injectionPoint: 'self.__SW_MANIFEST',
  globPatterns: ['**/*.{html,js,css,svg,png,woff2,wasm,webmanifest,onnx,gz,json}'],
  globIgnores: ['assets/*litert*'],
  maximumFileSizeToCacheInBytes: 24 * 1024 ** 2,
});

/** LiteRT's program is a script that leaves its maker in a variable; as a module it hands it over. */
const liteRtProgram: Plugin = {
  name: 'litert-program',
  transform(code, id) {
    if (!/litert_wasm_\w*internal\.js$/.test(id)) return null;
    return { code: `${code}\nexport default ModuleFactory;`, map: null };
  },
};

export default defineConfig({
  define: { 'import.meta.env.VITE_STUDIO_VERSION': JSON.stringify(version) },
  base: './',
  plugins: [react(), contentSecurityPolicy, hostedHeaders, offline],
  worker: { format: 'es', plugins: () => [liteRtProgram] },
  build: { target: 'es2023', chunkSizeWarningLimit: 1200 },
  server: { headers: isolation },
  preview: { headers },
});
