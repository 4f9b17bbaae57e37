import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { buildSimd } from './src/cli/build-simd.js';
import { offline } from './src/cli/offline.ts';
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
      /{{(en|zh)\.(title|promise)}}/g,
      (_, language: 'en' | 'zh', word: 'title' | 'promise') => ({ en, zh })[language].welcome[word],
    ),
};

/** The first words need their style, and no script: it is asked for before them all. */
const styleFirst: Plugin = {
  name: 'style-first',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => {
      const style = /\n *<link rel="stylesheet"[^>]*>/.exec(html)?.[0] ?? '';
      return html.replace(style, '').replace('</title>', `</title>${style}`);
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

export default defineConfig(({ command }) => {
  // A build is for production whatever NODE_ENV the caller's tools have set; React would come in its slow, large form else.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    base: './',
    plugins: [react(), policyInPage, firstWords, styleFirst, offline(headers(false))],
    build: { target: 'es2023', chunkSizeWarningLimit: 2000 },
    worker: { format: 'es' },
    css: { postcss: { plugins: [growing] } },
    server: { headers: headers(true) },
    preview: { port: 4173, headers: headers(false) },
  };
});
