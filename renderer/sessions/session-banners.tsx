import { UnaskedBanner } from '../confirmation/unasked-banner.tsx';
import { useApp } from '../state/app-store.ts';
import { Banner } from '../ui/banner.tsx';

/** What stands between the person and this session, for as long as it does. */
export function SessionBanners({ id }: { id: string }) {
  const session = useApp((app) => app.sessions[id]);
  if (!session) return null;
  return (
    <>
      <UnaskedBanner id={id} />
      {session.unsaved !== undefined && (
        <Banner
          level="error"
          hint="Nothing with effects starts until the disk takes it; saving is tried again by itself."
        >
          This session is not saved: {session.unsaved}
        </Banner>
      )}
      {session.damaged !== undefined && (
        <Banner level="warning">This session was damaged on disk: {session.damaged}</Banner>
      )}
    </>
  );
}
