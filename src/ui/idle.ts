/** Not every browser tells when it is idle. */
const asks = typeof requestIdleCallback === 'function';

/** Acts when nothing else is to be done, and after `longest` milliseconds all the same. */
export function whenIdle(act: () => void, longest = 2000): void {
  if (asks) requestIdleCallback(act, { timeout: longest });
  else setTimeout(act);
}
