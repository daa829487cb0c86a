import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Kbd } from './kbd.tsx';

export interface TooltipProps {
  label: ReactNode;
  /** Keys as `Kbd` takes them. */
  keys?: string;
  side?: 'top' | 'right' | 'bottom' | 'left';
  /** One element that takes a ref and DOM props. */
  children: ReactNode;
}

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Radix.Provider delayDuration={450} skipDelayDuration={200}>
    {children}
  </Radix.Provider>
);

/** Says more about what is under the pointer or focused. Never the only place of a name: that is `aria-label`'s work. */
export function Tooltip({ label, keys, side = 'bottom', children }: TooltipProps) {
  return (
    <Radix.Root disableHoverableContent>
      <Radix.Trigger
        asChild
        onFocus={(event) => {
          // A focus that comes back after a press of the mouse asks for nothing, and what is said must not cover what is pressed next.
          if (!event.currentTarget.matches(':focus-visible')) event.preventDefault();
        }}
      >
        {children}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={5}
          collisionPadding={8}
          className="fade z-60 flex max-w-80 items-center gap-2 rounded-md bg-raised px-2 py-1 text-sm text-text shadow-pop wrap-anywhere"
        >
          {label}
          {keys !== undefined && <Kbd keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
