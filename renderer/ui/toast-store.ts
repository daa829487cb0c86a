import { create } from 'zustand';

export interface Toast {
  id: number;
  level: 'info' | 'error';
  text: string;
  hint?: string;
  /** Something that can still be done about it, such as taking it back. */
  action?: { label: string; run: () => void };
}

export const useToasts = create<{ toasts: Toast[] }>()(() => ({ toasts: [] }));

let lastId = 0;

/** Shows a short message at the lower edge. Errors stay until dismissed, the rest goes by itself. */
export function toast(message: Omit<Toast, 'id'>): void {
  lastId += 1;
  const id = lastId;
  useToasts.setState(({ toasts }) => ({
    // The same message again replaces the earlier one instead of piling up.
    toasts: [...toasts.filter((old) => old.text !== message.text), { ...message, id }].slice(-4),
  }));
}

export const dismissToast = (id: number): void =>
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((old) => old.id !== id) }));
