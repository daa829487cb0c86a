import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

interface Props {
  /** What could not be shown: "This session". */
  what: string;
  children: ReactNode;
}

/** Keeps a defect in one part of the window from taking the rest with it. React knows error boundaries only as classes. */
export class ErrorBoundary extends Component<Props, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <EmptyState
        title={`${this.props.what} could not be shown.`}
        text={<span className="selectable">{error.message}</span>}
      >
        <Button onClick={() => this.setState({ error: undefined })}>Try again</Button>
        <Button onClick={() => location.reload()}>Reload window</Button>
      </EmptyState>
    );
  }
}
