import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connect } from './connection.ts';
import { installShortcuts } from './palette/shortcut-keys.ts';
import { showFirstSession } from './sessions/first-session.ts';
import { forgetDestroyed, keepReplicas } from './sessions/keep-replicas.ts';
import { useAppReplica } from './state/app-store.ts';
import { keepLayoutSaved, loadLayout } from './state/layout-saver.ts';
import { followTheme } from './theme.ts';
import './styles.css';

function start(): void {
  followTheme();
  installShortcuts();
  if (window.workbench) {
    keepReplicas();
    forgetDestroyed();
    showFirstSession();
    keepLayoutSaved();
    // Connecting comes first: it is what requests go through.
    void connect(window.workbench);
    void loadLayout();
  } else {
    useAppReplica.setState({
      phase: 'failed',
      failure: { code: 'internal', message: 'This page only works inside Switchyard.' },
    });
  }
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

start();
