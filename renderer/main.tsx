import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, Starting } from './app.tsx';
import { connect } from './connection.ts';
import { installFocusNet } from './focus-net.ts';
import { installShortcuts } from './palette/shortcut-keys.ts';
import { showFirstSession } from './sessions/first-session.ts';
import { forgetDestroyed, keepReplicas } from './sessions/keep-replicas.ts';
import { useAppReplica } from './state/app-store.ts';
import { keepLayoutSaved, loadLayout } from './state/layout-saver.ts';
import { shownSession } from './state/shown-session.ts';
import { followTheme } from './theme.ts';
import './styles.css';

/** What the first picture shows is mostly here sooner than an empty one would be painted; it is waited for so long. */
const firstPictureMs = 150;

async function start(): Promise<void> {
  const root = createRoot(document.getElementById('root')!);
  const show = (what: ReactNode) => root.render(<StrictMode>{what}</StrictMode>);
  followTheme();
  installShortcuts();
  installFocusNet();
  if (window.workbench) {
    keepReplicas();
    forgetDestroyed();
    showFirstSession();
    keepLayoutSaved();
    // Connecting comes first: it is what requests go through.
    const opened = Promise.all([connect(window.workbench), loadLayout()]).then(shownSession);
    // React gets going while main answers.
    show(<Starting />);
    await Promise.race([opened, new Promise((resolve) => setTimeout(resolve, firstPictureMs))]);
  } else {
    useAppReplica.setState({
      phase: 'failed',
      failure: { code: 'internal', message: 'This page only works inside Switchyard.' },
    });
  }
  show(<App />);
}

void start();
