/**
 * The list of a menu, beside the button that opens it. A veil for the pointer lies over the page, which stays as it is
 * otherwise: to make a page with charts inert costs more than to draw the menu.
 */
import { type ReactNode, useContext } from 'react';
import { OverlayTriggerStateContext } from 'react-aria-components/Dialog';
import { Menu } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';

type Props = { label: string; placement: 'bottom end' | 'top end'; children: ReactNode };

export function MenuPopover({ label, placement, children }: Props) {
  const menu = useContext(OverlayTriggerStateContext);
  return (
    <Popover className="popover menu-popover" placement={placement} isNonModal>
      {/* By keyboard, Escape and Tab close the menu. */}
      <button type="button" className="menu-veil" tabIndex={-1} aria-hidden onClick={() => menu?.close()} />
      {/* As React Aria has it around a modal menu, so that it lies in a landmark. */}
      <div role="dialog" aria-label={label}>
        <Menu className="menu" aria-label={label}>
          {children}
        </Menu>
      </div>
    </Popover>
  );
}
