/** Finds Chrome or Chromium, and the flags under which it offers WebGPU on a software adapter. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/snap/bin/chromium',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((variable) =>
    join(process.env[variable] ?? '', 'Google/Chrome/Application/chrome.exe'),
  ),
];

/** The browser's path: `CHROME_PATH`, then the usual names on the PATH, then the usual places; or null. */
export function findChrome(): string | null {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env.CHROME_PATH ?? '', ...onPath, ...places].find((path) => path !== '' && existsSync(path)) ?? null;
}

/** {@link findChrome}, or an error that says what to install. */
export function requireChrome(): string {
  const path = findChrome();
  if (!path) throw new Error('No Chrome or Chromium found. Install one, or set CHROME_PATH to its program.');
  return path;
}

/**
 * The environment in which Node finds a Vulkan driver: the software one that comes with Linux builds of the browser.
 * Empty elsewhere, where the system's own graphics API is used.
 */
export function vulkanEnvironment(): Record<string, string> {
  const folders = [
    '/usr/lib/chromium',
    '/usr/lib64/chromium-browser',
    '/opt/google/chrome',
    '/usr/lib/chromium-browser',
  ];
  const folder = folders.find((path) => existsSync(join(path, 'vk_swiftshader_icd.json')));
  return folder ? { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json') } : {};
}

const quiet = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Flags for a headless browser; `webgpu` turns the software adapter on. */
export function chromeArguments(webgpu: boolean): string[] {
  return webgpu ? [...quiet, '--enable-unsafe-webgpu'] : quiet;
}
