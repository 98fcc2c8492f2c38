import type { Dirt } from './dirt.ts'

/** Rows that come a second time in the same drop. The one read last wins. */
export const resentRows: readonly Dirt[] = [
  { fate: 'unchanged', resent: true, variants: [() => ({})] },
  {
    fate: 'corrected',
    resent: true,
    variants: [
      ({ count }) => ({ count: count * 1.03 + 2 }),
      ({ count }) => ({ count: count > 1000 ? count * 0.98 : 1000 }),
    ],
  },
  { fate: 'corrected', resent: true, variants: [({ tags }) => ({ tags: tags === 'Gaming' ? 'Podcast' : 'Gaming' })] },
]
