/** A few exclusive choices side by side. */
import type { ReactNode } from 'react';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';

type Props<T extends string> = {
  label: string;
  value: T;
  choices: readonly { value: T; label: string; mark: ReactNode }[];
  onChange: (value: T) => void;
};

export function Segments<T extends string>({ label, value, choices, onChange }: Props<T>) {
  return (
    <RadioGroup
      aria-label={label}
      orientation="horizontal"
      className="segments"
      value={value}
      onChange={(next) => onChange(next as T)}
    >
      {choices.map((choice) => (
        <Radio key={choice.value} value={choice.value} aria-label={choice.label} className="segment">
          {choice.mark}
        </Radio>
      ))}
    </RadioGroup>
  );
}
