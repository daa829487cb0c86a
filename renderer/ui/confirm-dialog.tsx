import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog, DialogFooter } from './dialog.tsx';

export interface ConfirmDialogProps {
  title: string;
  children: ReactNode;
  /** What the button does, in its words: "Delete session". */
  action: string;
  danger?: boolean;
  onConfirm: () => unknown;
  onClose: () => void;
}

/** Asks before something that cannot be undone. Cancel has the focus. */
export function ConfirmDialog({ title, children, action, danger, onConfirm, onClose }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    await onConfirm();
    onClose();
  };
  return (
    <Dialog title={title} role="alertdialog" open onOpenChange={onClose} className="max-w-md">
      <div className="selectable overflow-y-auto p-4 text-muted wrap-anywhere">{children}</div>
      <DialogFooter>
        <Button autoFocus onClick={onClose}>
          Cancel
        </Button>
        <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={() => void confirm()}>
          {action}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
