import { ExternalLink as LinkIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { openLink } from '../actions.ts';
import { CopyButton } from '../code/copy-button.tsx';
import { Button } from '../ui/button.tsx';
import { Popover } from '../ui/popover.tsx';
import { safeLink } from './links.ts';

/** A link that shows its real address before it is opened outside. Addresses of other kinds than the web's and mail's stay text. */
export function ExternalLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const url = safeLink(href);
  if (url === undefined) {
    return (
      <span className="underline decoration-dotted underline-offset-2" title={href}>
        {children}
      </span>
    );
  }
  const follow = () => {
    setOpen(false);
    void openLink(url);
  };
  return (
    <Popover
      label="Open link"
      align="start"
      open={open}
      onOpenChange={setOpen}
      className="w-96 max-w-[90vw]"
      trigger={
        <button
          type="button"
          className="rounded-sm text-left text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
        >
          {children}
        </button>
      }
    >
      <p className="text-sm text-muted">This opens outside of the workbench:</p>
      <p className="selectable my-2 max-h-32 overflow-auto rounded-md bg-sunken px-2 py-1.5 font-mono text-sm wrap-anywhere">
        {url}
      </p>
      <div className="flex items-center justify-end gap-2">
        <CopyButton text={url} label="Copy address" />
        <Button size="sm" variant="primary" onClick={follow}>
          <LinkIcon className="size-3.5" aria-hidden="true" />
          Open
        </Button>
      </div>
    </Popover>
  );
}
