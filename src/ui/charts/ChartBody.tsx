/** The space a chart draws in, and what is laid over it. Charts that appear together are drawn one after the other. */
import { type ReactElement, type ReactNode, useEffect, useState } from 'react';
import { ResponsiveContainer } from 'recharts';
import { turn } from './turns.ts';

export function ChartBody({ children, over }: { children: ReactElement; over?: ReactNode }) {
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
      {over}
    </div>
  );
}
