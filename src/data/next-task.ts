/** Lets a thread that computes for long answer its messages now and then. */

/** Milliseconds of computing before the thread is given up once; a timer costs up to 4. */
const share = 40;

/** Returns a function to await between pieces of work: it gives the thread up when enough time has passed. */
export function createBreather(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < share) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
}
