/** Bounds of a compaction. Tokens and messages are those of a request; a window that is smaller makes the token bounds smaller too. */
export const limits = {
  /** Newest messages that are kept as they are. */
  tailMessages: 20,
  /** With no more messages than this, the tail is a third of them instead. */
  fewMessages: 30,
  /** The tail may fill this share of the window. */
  tailShare: 0.4,
  /** Newest tool outputs that are never taken out. */
  protectedOutput: 40_000,
  protectedShare: 0.3,
  /** Taking outputs out must save at least so much. */
  minSaving: 20_000,
  minSavingShare: 0.1,
  /** What one summarising call is given to read. */
  chunkTokens: 24_000,
  chunkShare: 0.4,
  summaryWords: 600,
  /** A model that does not keep to its length is cut. */
  summaryChars: 12_000,
};

const ofWindow = (most: number, share: number, window: number | undefined): number =>
  window === undefined ? most : Math.min(most, Math.floor(share * window));

export const protectedOutput = (window?: number): number =>
  ofWindow(limits.protectedOutput, limits.protectedShare, window);
export const minSaving = (window?: number): number => ofWindow(limits.minSaving, limits.minSavingShare, window);
export const chunkTokens = (window?: number): number => ofWindow(limits.chunkTokens, limits.chunkShare, window);
