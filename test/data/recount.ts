/** The input rules once more, in plain loops for the types that the demo files have: a second opinion on their rows. */

export interface FileRow {
  account_id: string | null
  subscriber_count: number | null
  date: string | null
  categories: string | null
}

export interface Recount {
  rows: number
  accounts: Set<string>
  instants: Set<number>
  outcomes: Record<string, number>
}

/** What is stored, over all files read so far: account and instant -> count and categories. */
export type Stored = Map<string, string>

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|([+-])(\d\d):?(\d\d))?)?$/

function idOf(text: string | null): string | undefined {
  const id = (text ?? '').trim().toLowerCase()
  const bare = id.startsWith('{') && id.endsWith('}') ? id.slice(1, -1) : id
  return ID.test(bare) ? bare : undefined
}

function instantOf(text: string | null): number | undefined {
  const match = DATE.exec(text ?? '')
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(part => Number(part ?? 0)) as number[]
  const midnight = new Date(Date.UTC(year!, month! - 1, day!))
  const isReal = midnight.getUTCMonth() === month! - 1 && midnight.getUTCDate() === day
  if (!isReal || hour! > 23 || minute! > 59 || second! > 59) return undefined
  const milliseconds = Number(`${match[7] ?? ''}000`.slice(0, 3))
  const offset = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === '-' ? -1 : 1)
  return midnight.getTime() + ((hour! * 60 + minute! - offset) * 60 + second!) * 1000 + milliseconds
}

function tagsOf(text: string | null): string[] | undefined {
  const parts = (text ?? '').split(';').map(part => part.replace(/ +/g, ' ').trim())
  const kept = parts.filter(part => part !== '')
  const isBad =
    kept.length > 100 || kept.some(part => (part.length > 100 && [...part].length > 100) || /\p{Cc}/u.test(part))
  return isBad ? undefined : [...new Set(kept.map(part => part.toLowerCase()))].sort()
}

const isCount = (count: number | null): count is number => count !== null && count >= 0 && Math.round(count) < 2 ** 53

function outcomeOf(row: FileRow, stored: Stored, recount: Recount): string {
  const id = idOf(row.account_id)
  if (id === undefined) return 'INVALID_ACCOUNT_ID'
  const at = instantOf(row.date)
  if (at === undefined) return 'INVALID_TIMESTAMP'
  if (at < Date.UTC(2000, 0, 1) || at > Date.now() + 86_400_000) return 'TIMESTAMP_OUT_OF_RANGE'
  if (!isCount(row.subscriber_count)) return 'INVALID_SUBSCRIBER_COUNT'
  const tags = tagsOf(row.categories)
  if (tags === undefined) return 'INVALID_CATEGORIES'

  const value = `${Math.round(row.subscriber_count)} ${tags.join(';')}`
  const key = `${id} ${at}`
  const before = stored.get(key)
  stored.set(key, value)
  recount.accounts.add(id)
  recount.instants.add(at)
  if (before === undefined) return 'inserted'
  return before === value ? 'unchanged' : 'corrected'
}

export function recountFile(rows: readonly FileRow[], stored: Stored): Recount {
  const recount: Recount = { rows: rows.length, accounts: new Set(), instants: new Set(), outcomes: {} }
  for (const row of rows) {
    const outcome = outcomeOf(row, stored, recount)
    recount.outcomes[outcome] = (recount.outcomes[outcome] ?? 0) + 1
  }
  return recount
}
