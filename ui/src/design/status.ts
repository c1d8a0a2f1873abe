/** The colours that mean something. */
export type Tone = 'ok' | 'warn' | 'crit' | 'info' | 'off' | 'accent';

/** The shapes that say the same without colour. */
export type Shape = 'dot' | 'ring' | 'half' | 'triangle' | 'diamond' | 'cross' | 'check' | 'square';

/** How a state is shown: never by colour alone. */
export interface StatusLook {
  readonly word: string;
  readonly tone: Tone;
  readonly shape: Shape;
  /** One sentence for the tooltip. */
  readonly hint?: string;
}

/** Text colour of a tone. */
export const toneClasses: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  crit: 'text-crit',
  info: 'text-info',
  off: 'text-off',
  accent: 'text-accent',
};

/** Shapes in a box of 16, filled by the even-odd rule. */
export const shapePaths: Record<Shape, string> = {
  dot: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z',
  ring: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 2.3a3.7 3.7 0 1 1 0 7.4 3.7 3.7 0 0 1 0-7.4Z',
  half: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 2.2v7.6a3.8 3.8 0 0 1 0-7.6Z',
  triangle: 'M8 1.8 15 14H1Z',
  diamond: 'M8 1.2 14.8 8 8 14.8 1.2 8Zm0 3.2L4.4 8 8 11.6 11.6 8Z',
  cross: 'M3.6 1.8 8 6.2l4.4-4.4 1.8 1.8L9.8 8l4.4 4.4-1.8 1.8L8 9.8l-4.4 4.4-1.8-1.8L6.2 8 1.8 3.6Z',
  check: 'M13.1 2.6 15 4.4 6.2 13.6 1 8.6l1.8-1.9 3.3 3.2Z',
  square: 'M3 3h10v10H3Zm2.2 2.2v5.6h5.6V5.2Z',
};
