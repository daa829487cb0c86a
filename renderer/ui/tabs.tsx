import clsx from 'clsx';
import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface TabItem<T extends string> {
  value: T;
  label: string;
  /** After the label and part of its name, such as a count. */
  extra?: ReactNode;
  content: ReactNode;
}

export interface TabsProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  items: readonly TabItem<T>[];
  /** At the end of the tab row. */
  actions?: ReactNode;
}

/** Views of which one is shown. The content fills the height that is left and scrolls by its own rules. */
export function Tabs<T extends string>({ label, value, onChange, items, actions }: TabsProps<T>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as T)} className="flex h-full min-h-0 flex-col">
      <div className="flex h-9 shrink-0 items-center border-b border-border pr-1 pl-1.5">
        <Radix.List
          aria-label={label}
          className="flex min-w-0 flex-1 items-center gap-0.5 overflow-x-auto [scrollbar-width:none] [&::-webkit-scrollbar]:hidden"
        >
          {items.map((item) => (
            <Radix.Trigger
              key={item.value}
              value={item.value}
              className={clsx(
                'inline-flex h-6 shrink-0 items-center gap-1.5 rounded-md px-2 text-sm text-muted outline-offset-[-2px]',
                'hover:text-text data-[state=active]:bg-selected data-[state=active]:font-medium data-[state=active]:text-text',
              )}
            >
              {item.label}
              {item.extra}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {actions}
      </div>
      {items.map((item) => (
        <Radix.Content key={item.value} value={item.value} className="min-h-0 flex-1 outline-none">
          {item.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
