/** Decides what goes into which file of a build. */
import type { Rolldown } from 'vite';

/**
 * Puts all that a module imports, directly or not, into one file, but for what fetches it. Without this every set of parts
 * that share something has a file of its own: some thirty requests, most of them for less than a kilobyte.
 */
export function oneFile(name: string, entry: string): Rolldown.CodeSplittingOptions {
  let inside: Set<string> | null = null;
  const one = (id: string, build: Rolldown.ChunkingContext) => {
    inside ??= importedBy(entry, build);
    return inside.has(id) ? name : null;
  };
  return {
    groups: [
      { name: 'loader', test: 'vite/preload-helper' },
      { name: one, debugName: name },
    ],
  };
}

function importedBy(entry: string, build: Rolldown.ChunkingContext): Set<string> {
  const found = new Set<string>();
  const waiting = [entry];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop())
    for (const imported of build.getModuleInfo(id)?.importedIds ?? [])
      if (!found.has(imported)) {
        found.add(imported);
        waiting.push(imported);
      }
  return found;
}
