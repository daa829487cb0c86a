import { Box, PackageOpen } from 'lucide-react';
import type { CallSandbox } from '../../shared/sandbox/sandbox.ts';
import { Chip } from '../ui/chip.tsx';

/** Whether a command is held in by the sandbox; where it is not, why. */
export function SandboxChip({ sandbox }: { sandbox: CallSandbox }) {
  if (sandbox.state === 'off') {
    return (
      <Chip tone="neutral" className="max-w-full" title={`Not sandboxed: ${sandbox.reason}`}>
        <PackageOpen aria-hidden="true" />
        <span className="truncate">Not sandboxed: {sandbox.reason}</span>
      </Chip>
    );
  }
  return (
    <Chip tone="neutral">
      <Box aria-hidden="true" />
      {sandbox.network === 'off' ? 'Sandboxed, no network' : 'Sandboxed, allowed domains only'}
    </Chip>
  );
}

/** On the line of a call: a word at most, and nothing where the person turned the sandbox off. */
export function SandboxMark({ sandbox }: { sandbox: CallSandbox | undefined }) {
  if (!sandbox || (sandbox.state === 'off' && sandbox.chosen)) return null;
  const on = sandbox.state === 'on';
  return (
    <Chip
      tone="neutral"
      className="shrink-0"
      title={on ? 'It ran, or is to run, in the sandbox' : `Not sandboxed: ${sandbox.reason}`}
    >
      {on ? <Box aria-hidden="true" /> : <PackageOpen aria-hidden="true" />}
      {on ? 'sandboxed' : 'not sandboxed'}
    </Chip>
  );
}
