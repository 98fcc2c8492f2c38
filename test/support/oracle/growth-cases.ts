/** The growth of one account, worked out by hand. Rules: docs/rules.md, "Growth". */
import type { GrowthKind } from '../../../src/domain/growth.ts'

export type CasePoint = readonly [date: string, count: number]

/** `points` are those of one account, the newest last; `asOf` is measured on another, too small to be tracked. */
export interface GrowthCase {
  readonly rule: string
  readonly asOf: string
  readonly kind: GrowthKind
  readonly points: readonly CasePoint[]
  readonly expected: {
    readonly opensAt: string
    readonly from: CasePoint | null
    readonly absolute: number | null
    readonly percent: number | null
    readonly unknownReason: string | null
  }
}

const first = (window: GrowthKind['window']) => ({ window, baseline: 'FIRST_IN_WINDOW' }) as const
const atStart = (window: GrowthKind['window']) => ({ window, baseline: 'AT_WINDOW_START' }) as const
const nothing = (opensAt: string, unknownReason: string) => ({
  opensAt,
  from: null,
  absolute: null,
  percent: null,
  unknownReason,
})

const ASOF = '2024-06-15T12:00:00Z'
const OPENS = '2024-05-15T12:00:00Z'

const WINDOWS: readonly GrowthCase[] = [
  ...(
    [
      ['a week', first('WEEK'), '2024-03-05T01:02:03.004Z', '2024-02-27T01:02:03.004Z'],
      ['31 March clamps to 29 February', first('MONTH'), '2024-03-31T10:00:00.500Z', '2024-02-29T10:00:00.500Z'],
      ['31 March clamps to 28 February', first('MONTH'), '2023-03-31T10:00:00Z', '2023-02-28T10:00:00Z'],
      ['30 March too', first('MONTH'), '2023-03-30T23:59:59Z', '2023-02-28T23:59:59Z'],
      ['31 May less a quarter', first('QUARTER'), '2024-05-31T00:00:00Z', '2024-02-29T00:00:00Z'],
      [
        '31 January less a quarter, over the new year',
        first('QUARTER'),
        '2024-01-31T06:00:00Z',
        '2023-10-31T06:00:00Z',
      ],
      ['30 November less a quarter', first('QUARTER'), '2024-11-30T06:00:00Z', '2024-08-30T06:00:00Z'],
      ['29 February less a year', first('YEAR'), '2024-02-29T12:00:00Z', '2023-02-28T12:00:00Z'],
      ['28 February less a year stays', first('YEAR'), '2025-02-28T12:00:00Z', '2024-02-28T12:00:00Z'],
      ['January less a month', first('MONTH'), '2024-01-15T12:00:00Z', '2023-12-15T12:00:00Z'],
    ] as const
  ).map(([rule, kind, asOf, opensAt]) => ({
    rule,
    asOf,
    kind,
    points: [[opensAt, 2000] as const, [asOf, 3000] as const],
    expected: { opensAt, from: [opensAt, 2000] as const, absolute: 1000, percent: 50, unknownReason: null },
  })),
]

const BASELINES: readonly GrowthCase[] = [
  {
    rule: 'the first in the window counts from the opening itself',
    asOf: ASOF,
    kind: first('MONTH'),
    points: [
      ['2024-05-15T11:59:59.999Z', 5000],
      [OPENS, 4000],
      ['2024-06-01', 3000],
      ['2024-06-10', 2000],
    ],
    expected: { opensAt: OPENS, from: [OPENS, 4000], absolute: -2000, percent: -50, unknownReason: null },
  },
  {
    rule: 'what lies before the window is no baseline for the first in it',
    asOf: ASOF,
    kind: first('MONTH'),
    points: [
      ['2024-05-15T11:59:59.999Z', 5000],
      ['2024-06-10', 2000],
    ],
    expected: nothing(OPENS, 'NO_BASELINE'),
  },
  {
    rule: 'one measurement is no growth',
    asOf: ASOF,
    kind: first('MONTH'),
    points: [['2024-06-10', 2000]],
    expected: nothing(OPENS, 'NO_BASELINE'),
  },
  {
    rule: 'one measurement is no growth from the window start either',
    asOf: ASOF,
    kind: atStart('MONTH'),
    points: [['2024-06-10', 2000]],
    expected: nothing(OPENS, 'NO_BASELINE'),
  },
  {
    rule: 'the newest measurement may be as old as the opening, but is not its own baseline',
    asOf: ASOF,
    kind: first('MONTH'),
    points: [
      ['2024-05-01', 1500],
      [OPENS, 2000],
    ],
    expected: nothing(OPENS, 'NO_BASELINE'),
  },
  {
    rule: 'at the window start the newest measurement, at the opening, is the last one and so no baseline',
    asOf: ASOF,
    kind: atStart('MONTH'),
    points: [
      ['2024-05-01', 1500],
      [OPENS, 2000],
    ],
    expected: nothing(OPENS, 'NO_BASELINE'),
  },
  {
    rule: 'an account that has been silent since before the opening is dormant',
    asOf: ASOF,
    kind: first('MONTH'),
    points: [
      ['2024-04-20', 1500],
      ['2024-05-15T11:59:59.999Z', 2000],
    ],
    expected: nothing(OPENS, 'NO_RECENT_MEASUREMENT'),
  },
  {
    rule: 'a dormant account has no growth from the window start either',
    asOf: ASOF,
    kind: atStart('MONTH'),
    points: [
      ['2024-04-20', 1500],
      ['2024-05-15T11:59:59.999Z', 2000],
    ],
    expected: nothing(OPENS, 'NO_RECENT_MEASUREMENT'),
  },
  {
    rule: 'a baseline of 900 proves that an account grew to 1,200',
    asOf: ASOF,
    kind: first('MONTH'),
    points: [
      ['2024-06-01', 900],
      ['2024-06-10', 1200],
    ],
    expected: { opensAt: OPENS, from: ['2024-06-01', 900], absolute: 300, percent: 30000 / 900, unknownReason: null },
  },
  {
    rule: 'a baseline of 0 leaves only the percentage unknown',
    asOf: ASOF,
    kind: first('MONTH'),
    points: [
      ['2024-06-01', 0],
      ['2024-06-05', 1000],
      ['2024-06-10', 1200],
    ],
    expected: {
      opensAt: OPENS,
      from: ['2024-06-01', 0],
      absolute: 1200,
      percent: null,
      unknownReason: 'ZERO_BASELINE',
    },
  },
  {
    rule: 'a baseline of 0 is rounded from below one half',
    asOf: ASOF,
    kind: atStart('MONTH'),
    points: [
      [OPENS, 0.49],
      ['2024-06-10', 1200.5],
    ],
    expected: { opensAt: OPENS, from: [OPENS, 0], absolute: 1201, percent: null, unknownReason: 'ZERO_BASELINE' },
  },
  {
    rule: 'no growth at all is a known 0',
    asOf: ASOF,
    kind: first('MONTH'),
    points: [
      ['2024-06-01', 1200],
      ['2024-06-10', 1200],
    ],
    expected: { opensAt: OPENS, from: ['2024-06-01', 1200], absolute: 0, percent: 0, unknownReason: null },
  },
  {
    rule: 'percentages are unrounded',
    asOf: ASOF,
    kind: first('WEEK'),
    points: [
      ['2024-06-10', 3],
      ['2024-06-15', 1001],
    ],
    expected: {
      opensAt: '2024-06-08T12:00:00Z',
      from: ['2024-06-10', 3],
      absolute: 998,
      percent: 99800 / 3,
      unknownReason: null,
    },
  },
]

const WINDOW_START: readonly GrowthCase[] = [
  {
    rule: 'the last at or before the opening: the opening itself',
    asOf: ASOF,
    kind: atStart('MONTH'),
    points: [
      ['2024-05-15T11:59:59.999Z', 5000],
      [OPENS, 4000],
      ['2024-05-15T12:00:00.001Z', 3000],
      ['2024-06-10', 2000],
    ],
    expected: { opensAt: OPENS, from: [OPENS, 4000], absolute: -2000, percent: -50, unknownReason: null },
  },
  {
    rule: 'the last before the opening, not the first in the window',
    asOf: ASOF,
    kind: atStart('MONTH'),
    points: [
      ['2024-05-01', 1000],
      ['2024-05-10', 1600],
      ['2024-05-16', 3000],
      ['2024-06-10', 2000],
    ],
    expected: { opensAt: OPENS, from: ['2024-05-10', 1600], absolute: 400, percent: 25, unknownReason: null },
  },
  {
    rule: 'as old as one window before the opening is not too old',
    asOf: ASOF,
    kind: atStart('MONTH'),
    points: [
      ['2024-04-15T12:00:00Z', 1600],
      ['2024-06-01', 5000],
      ['2024-06-10', 2000],
    ],
    expected: {
      opensAt: OPENS,
      from: ['2024-04-15T12:00:00Z', 1600],
      absolute: 400,
      percent: 25,
      unknownReason: null,
    },
  },
  {
    rule: 'one millisecond older is: then it is the first after the opening',
    asOf: ASOF,
    kind: atStart('MONTH'),
    points: [
      ['2024-04-15T11:59:59.999Z', 1600],
      ['2024-06-01', 5000],
      ['2024-06-10', 2000],
    ],
    expected: { opensAt: OPENS, from: ['2024-06-01', 5000], absolute: -3000, percent: -60, unknownReason: null },
  },
  {
    rule: 'too old, and none after the opening but the newest',
    asOf: ASOF,
    kind: atStart('MONTH'),
    points: [
      ['2024-04-15T11:59:59.999Z', 1600],
      ['2024-06-10', 2000],
    ],
    expected: nothing(OPENS, 'NO_BASELINE'),
  },
  {
    rule: 'the limit is one window before the clamped opening: 31 March, 29 February, 29 January',
    asOf: '2024-03-31T12:00:00Z',
    kind: atStart('MONTH'),
    points: [
      ['2024-01-29T12:00:00Z', 1600],
      ['2024-03-01', 5000],
      ['2024-03-31T12:00:00Z', 2000],
    ],
    expected: {
      opensAt: '2024-02-29T12:00:00Z',
      from: ['2024-01-29T12:00:00Z', 1600],
      absolute: 400,
      percent: 25,
      unknownReason: null,
    },
  },
  {
    rule: 'and older than 29 January is too old',
    asOf: '2024-03-31T12:00:00Z',
    kind: atStart('MONTH'),
    points: [
      ['2024-01-29T11:59:59.999Z', 1600],
      ['2024-03-01', 5000],
      ['2024-03-31T12:00:00Z', 2000],
    ],
    expected: {
      opensAt: '2024-02-29T12:00:00Z',
      from: ['2024-03-01', 5000],
      absolute: -3000,
      percent: -60,
      unknownReason: null,
    },
  },
]

export const GROWTH_CASES: readonly GrowthCase[] = [...WINDOWS, ...BASELINES, ...WINDOW_START]
