import { Switch as Radix } from 'radix-ui';
import { type ReactNode, useId } from 'react';

export interface SwitchProps {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

export function Switch({ label, checked, onChange, disabled }: SwitchProps) {
  const id = useId();
  return (
    <span className="inline-flex items-center gap-2">
      <Radix.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        className="inline-flex h-4 w-7 shrink-0 items-center rounded-full bg-border-strong p-0.5 disabled:opacity-50 data-[state=checked]:bg-accent forced-colors:border"
      >
        <Radix.Thumb className="block size-3 rounded-full bg-bg transition-transform duration-100 data-[state=checked]:translate-x-3 forced-colors:bg-[CanvasText]" />
      </Radix.Root>
      <label htmlFor={id}>{label}</label>
    </span>
  );
}
