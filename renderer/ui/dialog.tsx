import clsx from 'clsx';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from './icon-button.tsx';

export interface DialogProps {
  title: string;
  /** Keeps the title for assistive technology only. */
  hideTitle?: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
  className?: string;
  /** `top` hangs it below the title bar, for palettes. */
  place?: 'center' | 'top';
  role?: 'dialog' | 'alertdialog';
}

let openDialogs = 0;

/** While a dialog is open the page behind it is inert: out of reach of pointer, focus and assistive technology alike. */
function useInertPage(): void {
  useEffect(() => {
    const page = document.getElementById('root');
    openDialogs += 1;
    page?.setAttribute('inert', '');
    return () => {
      openDialogs -= 1;
      if (openDialogs === 0) page?.removeAttribute('inert');
    };
  }, []);
}

/**
 * A modal dialog. Radix' own modal mode writes a `<style>` element, which the content policy forbids, so the page behind is made inert
 * instead; focus comes in by Radix and goes back to where it was.
 */
export function Dialog(props: DialogProps) {
  return (
    <Radix.Root open={props.open} onOpenChange={props.onOpenChange} modal={false}>
      <Radix.Portal>{props.open && <DialogBody {...props} />}</Radix.Portal>
    </Radix.Root>
  );
}

function DialogBody({ title, hideTitle, children, className, place = 'center', role = 'dialog' }: DialogProps) {
  const cameFrom = useRef(document.activeElement);
  useInertPage();
  return (
    <div
      className={clsx(
        'fade fixed inset-0 z-40 flex justify-center bg-(--scrim) p-6',
        place === 'top' ? 'items-start pt-[12vh]' : 'items-center',
      )}
    >
      <Radix.Content
        role={role}
        aria-modal="true"
        aria-describedby={undefined}
        onOpenAutoFocus={(event) => {
          // Asked only when nothing inside took the focus by itself. The dialog as a whole takes it, not its first button.
          event.preventDefault();
          if (event.target instanceof HTMLElement) event.target.focus();
        }}
        onEscapeKeyDown={(event) => {
          // It is asked before the form that the key belongs to.
          if (event.target instanceof Element && event.target.closest('[data-own-escape]')) event.preventDefault();
        }}
        onInteractOutside={(event) => {
          // It is asked after the click, when a pressed message may be gone already.
          const { target } = event;
          if (target instanceof Element && (!target.isConnected || target.closest('[data-toasts]')))
            event.preventDefault();
        }}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          const back = cameFrom.current;
          // The page is inert until this dialog's effects are undone; by then something else may have taken the focus.
          requestAnimationFrame(() => {
            const free = document.activeElement === document.body;
            if (free && back instanceof HTMLElement && back.isConnected) back.focus();
          });
        }}
        className={clsx(
          'pop flex max-h-full w-full flex-col overflow-hidden rounded-lg bg-raised text-text shadow-pop outline-none',
          className ?? 'max-w-lg',
        )}
      >
        {hideTitle ? (
          <Radix.Title className="sr-only">{title}</Radix.Title>
        ) : (
          <div className="flex h-11 shrink-0 items-center justify-between border-b border-border pr-2 pl-4">
            <Radix.Title className="font-semibold">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label="Close" keys="Esc">
                <X />
              </IconButton>
            </Radix.Close>
          </div>
        )}
        {children}
      </Radix.Content>
    </div>
  );
}

/** The row of buttons at a dialog's end; the one that acts comes last. */
export const DialogFooter = ({ children }: { children: ReactNode }) => (
  <div className="flex shrink-0 items-center justify-end gap-2 border-t border-border px-4 py-3">{children}</div>
);
