import type { Dirt } from './dirt.ts'

const fate = 'INVALID_CATEGORIES'
const BELL = '\u0007'
const DELETE = '\u007f'

const numbered = (length: number): string => Array.from({ length }, (_, index) => `Tag ${index + 1}`).join(';')

export const dirtyTags: readonly Dirt[] = [
  {
    fate: 'inserted',
    variants: [({ tags }) => ({ tags: tags.toUpperCase() }), ({ tags }) => ({ tags: tags.toLowerCase() })],
  },
  {
    fate: 'inserted',
    variants: [({ tags }) => ({ tags: ` ${tags}` }), ({ tags }) => ({ tags: `${tags.replaceAll(';', ' ;  ')}  ` })],
  },
  {
    fate: 'inserted',
    variants: [({ tags }) => ({ tags: `${tags};` }), ({ tags }) => ({ tags: `;${tags.replaceAll(';', ';; ;')}` })],
  },
  { fate: 'inserted', variants: [({ tags }) => ({ tags: `${tags};${tags.toLowerCase()}` })] },
  { fate: 'inserted', variants: [() => ({ tags: null }), () => ({ tags: '' }), () => ({ tags: ' ; ' })] },
  {
    fate,
    variants: [
      ({ tags }) => ({ tags: `${tags};${'x'.repeat(101)}` }),
      ({ tags }) => ({ tags: tags + ' and whatever else comes to mind'.repeat(4) }),
      () => ({ tags: '🎮'.repeat(101) }),
    ],
  },
  {
    fate,
    variants: [
      ({ tags }) => ({ tags: tags.slice(0, 3) + BELL + tags.slice(3) }),
      ({ tags }) => ({ tags: `${tags};Le${DELETE}isure` }),
      ({ tags }) => ({ tags: `${tags};Mus\0ic` }),
    ],
  },
  { fate, variants: [() => ({ tags: numbered(101) }), () => ({ tags: numbered(150) })] },
]
