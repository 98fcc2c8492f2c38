/** Where a fault lies, which decides what mends it: `--repair` recomputes what is derived; anything else needs a snapshot. */
export type FaultKind = 'file' | 'schema' | 'data' | 'derived'

interface RuleText {
  readonly kind: FaultKind
  readonly table: string
  readonly says: string
}

const rule = (kind: FaultKind, table: string, says: string): RuleText => ({ kind, table, says })

/** What a check can find, by stable names. docs/database.md lists them. */
export const RULES = {
  'file-damaged': rule('file', 'the file', 'SQLite reports that the file is damaged'),
  'index-differs': rule('derived', 'an index', 'an index does not match its table'),
  'reference-broken': rule('data', 'any', 'a row refers to a row that does not exist'),
  'constraint-broken': rule('data', 'any', 'a value violates a constraint of its table'),
  'table-altered': rule('schema', 'sqlite_schema', 'a table is missing or altered, or a trigger was added'),
  'index-or-view-altered': rule('derived', 'sqlite_schema', 'an index or a view is missing or altered'),
  'account-id': rule('data', 'account', 'an account id is not a lower-case UUID'),
  'account-origin': rule('data', 'account', 'an account has measurements from before the ingestion that created it'),
  'measurement-instant': rule('data', 'measurement', 'a measurement is dated before the year 2000'),
  'measurement-source': rule('data', 'measurement', 'rows come from an ingestion that has not SUCCEEDED'),
  'ledger-rows': rule('data', 'ingestion', 'the row counts of an ingestion do not add up'),
  'ledger-inserted': rule('data', 'ingestion', 'an ingestion inserted another number of measurements than it reports'),
  'ledger-corrected': rule(
    'data',
    'ingestion',
    'an ingestion corrected another number of measurements than it reports',
  ),
  'ledger-accounts': rule('data', 'ingestion', 'an ingestion created another number of accounts than it reports'),
  'ledger-rejected': rule('data', 'ingestion', 'an ingestion rejected other rows than it reports'),
  'ledger-span': rule('data', 'ingestion', 'measurements of an ingestion lie outside the time span that it reports'),
  'correction-target': rule('data', 'correction', 'a corrected measurement does not exist'),
  'correction-sequence': rule('data', 'correction', 'the corrections of an ingestion are not numbered from 1'),
  'correction-chain': rule('data', 'correction', 'a replaced value does not lead to the ingestion that replaced it'),
  'correction-same': rule('data', 'correction', 'a replaced value equals the one that replaced it'),
  'category-name': rule('data', 'category', 'a category name is not normalized'),
  'category-origin': rule('data', 'category', 'a category or set was used before the ingestion that created it'),
  'category-members': rule('data', 'category_set', 'the two lists of the members of a category set differ'),
  'category-names': rule(
    'derived',
    'category_set',
    'the names of a category set are not those of its members in order',
  ),
  'account-empty': rule('derived', 'account', 'an account has no measurement'),
  'account-newest': rule('derived', 'account', 'the newest measurement of an account is wrong'),
  'account-growth': rule('derived', 'account', 'a growth baseline of an account is wrong'),
  'membership-missing': rule('derived', 'account_category', 'an account is not listed in one of its categories'),
  'membership-wrong': rule(
    'derived',
    'account_category',
    'an account is listed in a category where it does not belong',
  ),
  'period-list': rule('derived', 'period', 'the list of periods does not match the measurements'),
  'dataset-totals': rule('derived', 'dataset', 'a total does not match the measurements'),
} as const satisfies Readonly<Record<string, RuleText>>

export type Rule = keyof typeof RULES

/** A rule that does not hold. */
export interface Finding {
  readonly rule: Rule
  readonly kind: FaultKind
  readonly table: string
  readonly says: string
  readonly count: number
  /** The first few: which row, what it holds, and what it should hold. */
  readonly examples: readonly string[]
}

const MAX_EXAMPLES = 5

/** Counts the violations of each rule, and keeps a few examples. */
export class Findings {
  readonly #found = new Map<Rule, { count: number; examples: string[] }>()

  add(rule: Rule, example: string): void {
    const found = this.#found.get(rule) ?? { count: 0, examples: [] }
    this.#found.set(rule, found)
    found.count++
    if (found.examples.length < MAX_EXAMPLES) found.examples.push(example)
  }

  /** In the order of RULES. */
  get all(): Finding[] {
    return (Object.keys(RULES) as Rule[]).flatMap(rule => {
      const found = this.#found.get(rule)
      return found ? [{ rule, ...RULES[rule], ...found }] : []
    })
  }

  has(kind: FaultKind): boolean {
    return this.all.some(finding => finding.kind === kind)
  }
}
