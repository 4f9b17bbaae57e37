/** A choice of one from a list: the platform's own select, so that phones show their own wheel. */
import { ChevronDown } from 'lucide-react';
import type { SelectHTMLAttributes } from 'react';

type Props = Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange'> & {
  options: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
};

export function Choice({ options, onChange, ...props }: Props) {
  return (
    <span className="choice">
      <select {...props} onChange={(event) => onChange(event.target.value)}>
        {options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown size={14} aria-hidden />
    </span>
  );
}
