import { create } from 'zustand';

/** A place in a transcript that a person wants to see. */
export interface PlaceWish {
  sessionId: string;
  itemId: string;
  /** Counted from the transcript's beginning. */
  place: number;
}

/** The newest wish, until the transcript has fulfilled it. */
export const usePlaceWish = create<{ wish: PlaceWish | undefined }>()(() => ({ wish: undefined }));

export const wishForPlace = (wish: PlaceWish): void => usePlaceWish.setState({ wish });
