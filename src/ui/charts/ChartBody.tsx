/** The space a chart draws in. Charts that appear together are drawn one after the other, each in a task of its own. */
import { type ReactElement, useEffect, useState } from 'react';
import { ResponsiveContainer } from 'recharts';

let queue = Promise.resolve();

/** Resolves when every earlier caller has had a task to itself. */
function turn(): Promise<void> {
  queue = queue.then(() => new Promise((resolve) => setTimeout(resolve, 30)));
  return queue;
}

export function ChartBody({ children }: { children: ReactElement }) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    let mounted = true;
    void turn().then(() => mounted && setDue(true));
    return () => {
      mounted = false;
    };
  }, []);
  return (
    <div className="chart-body">
      {due ? (
        <ResponsiveContainer height="100%" width="100%" debounce={80}>
          {children}
        </ResponsiveContainer>
      ) : null}
    </div>
  );
}
