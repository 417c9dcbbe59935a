// The size of the picture that a shared link shows: 1.91 to 1, as those who show links cut it.

/** Pixels. */
export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 627;
