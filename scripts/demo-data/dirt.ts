import type { CleanRow, DemoRow, Fate } from './row.ts'

/**
 * One way for a row to be dirty. A row is dirty in one way only, so its fate is known without judging it.
 * The variants take turns, so that each of them is in the file.
 */
export interface Dirt {
  fate: Fate
  /** The dirty row comes on top of the clean one, at the end of its drop, rather than in its place. */
  resent?: true
  variants: readonly ((row: CleanRow) => Partial<DemoRow>)[]
}
