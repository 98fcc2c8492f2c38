import type { Dirt } from './dirt.ts'

const fate = 'INVALID_ACCOUNT_ID'

export const dirtyIds: readonly Dirt[] = [
  { fate: 'inserted', variants: [({ id }) => ({ id: id.toUpperCase() })] },
  { fate: 'inserted', variants: [({ id }) => ({ id: `{${id}}` }), ({ id }) => ({ id: `{${id.toUpperCase()}}` })] },
  {
    fate: 'inserted',
    variants: [
      ({ id }) => ({ id: ` ${id}` }),
      ({ id }) => ({ id: `${id}\t` }),
      ({ id }) => ({ id: `  {${id.toUpperCase()}}\n` }),
    ],
  },
  { fate, variants: [() => ({ id: null })] },
  { fate, variants: [() => ({ id: '' }), () => ({ id: 'unknown' }), ({ roster }) => ({ id: String(roster) })] },
  { fate, variants: [({ id }) => ({ id: id.slice(0, 35) }), ({ id }) => ({ id: `${id}0` })] },
  { fate, variants: [({ id }) => ({ id: `${id.slice(0, 35)}g` }), ({ id }) => ({ id: id.replace('-', ' ') })] },
]
