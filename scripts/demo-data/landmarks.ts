import type { Account } from './account.ts'
import { dayOf, laterDrops } from './calendar.ts'

/** An account that is there to be looked up: it sits exactly on a rule's edge, and is never dirtied. */
export interface Landmark {
  id: string
  about: string
  /** From that day on this count: a staircase, without noise. */
  steps: readonly (readonly [day: number, count: number])[]
  tags: string
  laterTags?: string
  until?: number
}

const LATER = dayOf(laterDrops[0]) - 1
const WINDOW = dayOf(laterDrops[6]) - 1
const NEWEST = dayOf(laterDrops[9]) - 1

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

const edges: readonly Omit<Landmark, 'id'>[] = [
  { about: 'always at exactly 1,000, so it is not shown', steps: [[0, 1000]], tags: 'Gaming' },
  { about: '1000.4 followers: stored as 1,000, not shown', steps: [[0, 1000.4]], tags: 'Gaming' },
  { about: '1000.5 followers: stored as 1,001, shown', steps: [[0, 1000.5]], tags: 'Gaming' },
  { about: 'always 0 followers', steps: [[0, 0]], tags: 'Podcast' },
  {
    about: 'from 900 to 1,200 in the last month: 33.3 % from a count that is too small to be shown',
    steps: [
      [0, 620],
      [LATER, 900],
      [NEWEST, 1200],
    ],
    tags: 'Podcast',
  },
  {
    about: 'from 0 to 5,210 in the last month: growth without a percentage',
    steps: [
      [0, 0],
      [NEWEST, 5210],
    ],
    tags: 'Education',
  },
  {
    about: 'from 50,000 to 55,000 in the last month: exactly 10 %, which is not above 10 %',
    steps: [
      [0, 50_000],
      [NEWEST, 55_000],
    ],
    tags: 'Investment',
  },
  {
    about: 'from 50,000 to 55,001 in the last month: just above 10 %',
    steps: [
      [0, 50_000],
      [NEWEST, 55_001],
    ],
    tags: 'Investment',
  },
  {
    about: '40,000, then 59,000 and 60,000 in the last month: 1.7 % or 50 %, depending on the baseline',
    steps: [
      [0, 40_000],
      [WINDOW, 59_000],
      [NEWEST, 60_000],
    ],
    tags: 'Podcast;Gaming',
  },
  { about: 'the largest: 4,000,000,000,000 followers', steps: [[0, 4e12]], tags: 'Investment' },
  {
    about: 'not measured in the last three months: its growth is unknown',
    steps: [[0, 81_000]],
    tags: 'Gaming',
    until: LATER,
  },
  { about: 'changed from Gaming to Education', steps: [[0, 230_000]], tags: 'Gaming', laterTags: 'Education' },
]

export const landmarks: readonly Landmark[] = edges.map((edge, index) => ({ id: id(index + 1), ...edge }))

const countOn = ({ steps }: Landmark, day: number): number => steps.findLast(([from]) => from <= day)![1]

export const landmarkAccounts = (): Account[] =>
  landmarks.map(landmark => ({
    id: landmark.id,
    watch: 'always',
    from: 0,
    until: landmark.until ?? Number.MAX_SAFE_INTEGER,
    countOn: day => countOn(landmark, day),
    tagsOn: day => (day < LATER ? landmark.tags : (landmark.laterTags ?? landmark.tags)),
  }))
