import type { Dirt } from './dirt.ts'

const fate = 'INVALID_SUBSCRIBER_COUNT'

/** Small counts are no dirt: they are measurements like any other. */
export const dirtyCounts: readonly Dirt[] = [
  { fate, variants: [() => ({ count: null })] },
  { fate, variants: [() => ({ count: Number.NaN })] },
  { fate, variants: [() => ({ count: Number.POSITIVE_INFINITY }), () => ({ count: Number.NEGATIVE_INFINITY })] },
  { fate, variants: [() => ({ count: -1 }), ({ count }) => ({ count: -1 - count }), () => ({ count: -0.25 })] },
  {
    fate,
    variants: [() => ({ count: Number.MAX_SAFE_INTEGER + 1 }), () => ({ count: 1e16 }), () => ({ count: 1e300 })],
  },
]
