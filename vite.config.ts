import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { buildSimd } from './src/cli/build-simd.js';
import { offline } from './src/cli/offline.ts';
import { oneFile } from './src/cli/one-file.ts';
import { en } from './src/ui/locales/en.ts';
import { zh } from './src/ui/locales/zh.ts';

buildSimd();

/** Cross-origin isolation: SharedArrayBuffer and precise timers need both. */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Every kind of content comes from the page's own origin; the one other place that can be reached is the Hugging Face hub
 * with its file servers, when a model is asked for. Vite's development client needs a little more.
 */
const contentSecurityPolicy = (development: boolean) =>
  [
    "default-src 'self'",
    `connect-src 'self' https://huggingface.co https://*.huggingface.co https://*.hf.co${development ? ' ws:' : ''}`,
    `script-src 'self' 'wasm-unsafe-eval'${development ? " 'unsafe-inline'" : ''}`,
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const headers = (development: boolean) => ({
  ...isolation,
  'Content-Security-Policy': contentSecurityPolicy(development),
});

/** The policy in the page itself, for hosts that send no headers; there the directive on frames has no meaning. */
const policyInPage: Plugin = {
  name: 'policy-in-page',
  apply: 'build',
  transformIndexHtml: () => {
    const content = contentSecurityPolicy(false).replace(/; frame-ancestors [^;]*/, '');
    return [{ tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content }, injectTo: 'head-prepend' }];
  },
};

/** The first words of the page are in its HTML, so that they are there before any script. */
const firstWords: Plugin = {
  name: 'first-words',
  transformIndexHtml: (html) =>
    html.replace(
      /{{(en|zh)\.(title|promise|failed)}}/g,
      (_, language: 'en' | 'zh', word: 'title' | 'promise' | 'failed') => ({ en, zh })[language].welcome[word],
    ),
};

/** What the first words need is asked for before the script that blocks the page: browsers do not look ahead under a policy. */
const styleFirst: Plugin = {
  name: 'style-first',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => {
      const [blocking] = html.match(/\n *<script src="[^"]*first\.js"><\/script>/) ?? [];
      const [style] = html.match(/\n *<link rel="stylesheet"[^>]*>/) ?? [];
      if (!blocking || !style) return html;
      const modules = html.match(/\n *<(script type="module"|link rel="modulepreload")[^>]*>(<\/script>)?/g) ?? [];
      for (const tag of [style, ...modules]) html = html.replace(tag, '');
      const early = [style.replace('rel="stylesheet"', 'rel="preload" as="style"'), ...modules];
      return html.replace(blocking, () => [...early, blocking, style].join(''));
    },
  },
};

/** Sizes are written in pixels, and served in rem: all grow with the reader's own text size, and on very wide screens. */
const growing = {
  postcssPlugin: 'growing',
  Declaration(declaration: { value: string }): void {
    declaration.value = declaration.value.replace(/(-?[\d.]+)px/g, (written, size) =>
      Math.abs(Number(size)) < 4 ? written : `${Number(size) / 16}rem`,
    );
  },
};

const page = oneFile('page', fileURLToPath(new URL('src/main.tsx', import.meta.url)));

export default defineConfig(({ command }) => {
  // A build is for production whatever NODE_ENV the caller's tools have set; React would come in its slow, large form else.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    base: './',
    plugins: [react(), policyInPage, firstWords, styleFirst, offline(headers(false))],
    build: {
      target: 'es2023',
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { output: { codeSplitting: page } },
    },
    worker: { format: 'es' },
    css: { postcss: { plugins: [growing] } },
    server: { headers: headers(true) },
    preview: { port: 4173, headers: headers(false) },
  };
});
