export const reasons = [
  'INVALID_ACCOUNT_ID',
  'INVALID_TIMESTAMP',
  'TIMESTAMP_OUT_OF_RANGE',
  'INVALID_SUBSCRIBER_COUNT',
  'INVALID_CATEGORIES',
] as const

export type Reason = (typeof reasons)[number]

/** What must become of a row when the two files are ingested one after the other. */
export type Fate = 'inserted' | 'corrected' | 'unchanged' | Reason

export const isRejection = (fate: Fate): fate is Reason => (reasons as readonly string[]).includes(fate)

/** One row as it is written, and what is known about it. */
export interface DemoRow {
  id: string | null
  count: number | null
  date: string | null
  tags: string | null
  /** The account's place in the roster, whatever the id was made to look like. */
  roster: number
  /** The instant that the date means. */
  at: number
  fate: Fate
}

/** A row without dirt: every text of it is there. */
export interface CleanRow extends DemoRow {
  id: string
  count: number
  date: string
  tags: string
}
