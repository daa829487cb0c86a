import { FilePen, FileText, GitFork, Globe, type LucideIcon, Search, Terminal, Wrench } from 'lucide-react';
import type { ToolKind } from '../../shared/session/parts.ts';

const icons: Record<ToolKind, { icon: LucideIcon; name: string }> = {
  command: { icon: Terminal, name: 'Command' },
  edit: { icon: FilePen, name: 'Edit' },
  read: { icon: FileText, name: 'Read' },
  search: { icon: Search, name: 'Search' },
  fetch: { icon: Globe, name: 'Fetch' },
  task: { icon: GitFork, name: 'Child session' },
  other: { icon: Wrench, name: 'Tool' },
};

/** The mark of what a call does. */
export function ToolIcon({ kind, className }: { kind: ToolKind; className?: string }) {
  const { icon: Icon, name } = icons[kind];
  return <Icon aria-label={name} role="img" className={className ?? 'size-3.5 shrink-0 text-faint'} />;
}
