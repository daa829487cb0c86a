import clsx from 'clsx';
import { CircleAlert, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import type { NoticeItem } from '../../shared/session/state.ts';

const looks: Record<NoticeItem['level'], { icon: LucideIcon; color: string; word: string }> = {
  info: { icon: Info, color: 'text-muted', word: 'Note' },
  warning: { icon: TriangleAlert, color: 'text-amber', word: 'Warning' },
  error: { icon: CircleAlert, color: 'text-red', word: 'Problem' },
};

/** Something the workbench has to say about this session. */
export const NoticeRow = memo(function NoticeRow({ notice }: { notice: NoticeItem }) {
  const { icon: Icon, color, word } = looks[notice.level];
  return (
    <div className="flex items-start gap-2 px-1.5 text-sm">
      <Icon role="img" aria-label={word} className={clsx('mt-0.5 size-3.5 shrink-0', color)} />
      <p className="selectable min-w-0 wrap-anywhere">
        {notice.text}
        {notice.hint !== undefined && <span className="text-muted"> {notice.hint}</span>}
      </p>
    </div>
  );
});
