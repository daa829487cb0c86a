import type { QueuedApproval } from '../../shared/app/state.ts';

/**
 * What two approvals have in common when a person would call them alike: the tool, and the shape of what it is asked to do. Quoted
 * texts, paths and numbers of a command differ without making it another one; so do the names of files of a kind.
 */
export function likeness({ tool, detail, args }: Pick<QueuedApproval, 'tool' | 'detail' | 'args'>): string {
  switch (detail.type) {
    case 'command':
      return `${tool} ${commandShape(detail.command)}`;
    case 'diff':
    case 'path':
      return `${tool} ${fileShape(detail.path)}`;
    case 'query':
      return tool;
    default:
      return `${tool} ${argumentNames(args).join(' ')}`.trim();
  }
}

const commandShape = (command: string): string =>
  command
    .replace(/"[^"]*"|'[^']*'/g, '…')
    .replace(/(?<=\s)[^\s;|&<>()$`-][^\s;|&<>()$`]*[./][^\s;|&<>()$`]*/g, '…')
    .replace(/\d+/g, '0')
    .replace(/\s+/g, ' ')
    .trim();

const fileShape = (path: string): string => /\.[^./\\]+$/.exec(path)?.[0].replace(/^/, '*') ?? 'file';

const argumentNames = (args: unknown): string[] =>
  typeof args === 'object' && args !== null ? Object.keys(args).sort() : [];
