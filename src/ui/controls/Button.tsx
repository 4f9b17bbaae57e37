/** The one button: primary for the next step, plain for what is beside it. */
import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps } from 'react-aria-components/Button';

type Props = Omit<ButtonProps, 'className' | 'children'> & {
  kind?: 'primary' | 'secondary' | 'plain';
  size?: 'normal' | 'large';
  /** An icon alone; give an `aria-label`. */
  icon?: boolean;
  children: ReactNode;
};

export function Button({ kind = 'secondary', size = 'normal', icon = false, ...props }: Props) {
  return (
    <AriaButton
      {...props}
      className="button"
      data-kind={kind}
      data-size={size}
      data-shape={icon ? 'icon' : undefined}
    />
  );
}
