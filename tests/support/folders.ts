/** The folders of real data that the environment names. */
import { existsSync } from 'node:fs';

/** The folder in an environment variable; an error where it is not set or not there. */
export function requireFolder(variable: 'EMBEDSMITH_DATA' | 'EMBEDSMITH_VOCAB'): string {
  const folder = process.env[variable];
  if (!folder || !existsSync(folder))
    throw new Error(`Set ${variable} to a folder that exists (now: ${folder ?? 'not set'}).`);
  return folder;
}
