/**
 * What a fault lies in, which decides what can be done about it: `derived` is recomputed by a repair, anything else
 * needs a copy from before.
 */
export type FaultKind = 'file' | 'schema' | 'data' | 'derived'

interface RuleText {
  readonly kind: FaultKind
  readonly table: string
  readonly says: string
}

const rule = (kind: FaultKind, table: string, says: string): RuleText => ({ kind, table, says })

/** Everything that a check can find, by a name that stays. docs/database.md lists them for people. */
export const RULES = {
  'file-damaged': rule('file', 'the file', 'SQLite finds the file damaged'),
  'index-differs': rule('derived', 'an index', 'an index does not agree with its table'),
  'reference-broken': rule('data', 'any', 'a row refers to a row that does not exist'),
  'constraint-broken': rule('data', 'any', 'a value breaks a constraint of its table'),
  'table-altered': rule('schema', 'sqlite_schema', 'a table is missing, or is not as the program made it'),
  'index-or-view-altered': rule('derived', 'sqlite_schema', 'an index or a view is missing or altered'),
  'account-id': rule('data', 'account', 'an account id is not a lower-case UUID'),
  'account-origin': rule('data', 'account', 'an account names another ingestion than the one that brought it first'),
  'measurement-instant': rule('data', 'measurement', 'a measurement is dated before the year 2000'),
  'measurement-source': rule('data', 'measurement', 'rows come from an ingestion that the ledger does not acknowledge'),
  'ledger-rows': rule('data', 'ingestion', 'the rows of an ingestion do not add up'),
  'ledger-inserted': rule('data', 'ingestion', 'an ingestion inserted another number of measurements than it says'),
  'ledger-corrected': rule('data', 'ingestion', 'an ingestion corrected another number of measurements than it says'),
  'ledger-accounts': rule('data', 'ingestion', 'an ingestion brought another number of accounts than it says'),
  'ledger-rejected': rule('data', 'ingestion', 'the rejected rows of an ingestion are not as many as it says'),
  'ledger-span': rule('data', 'ingestion', 'measurements of an ingestion lie outside the span that it says'),
  'correction-target': rule('data', 'correction', 'a correction is of a measurement that does not exist'),
  'correction-sequence': rule('data', 'correction', 'the corrections of an ingestion are not numbered from 1'),
  'correction-chain': rule(
    'data',
    'correction',
    'replaced values and the ingestions that replaced them do not connect',
  ),
  'correction-same': rule('data', 'correction', 'a replaced value equals the one that replaced it'),
  'category-name': rule('data', 'category', 'a category is not spelt or folded by the rules'),
  'category-origin': rule('data', 'category', 'a category or set names another ingestion than brought it'),
  'category-members': rule('data', 'category_set', 'the members of a category set are told in two ways'),
  'category-names': rule(
    'derived',
    'category_set',
    'the names of a category set are not those of its members in order',
  ),
  'account-empty': rule('derived', 'account', 'an account has no measurement'),
  'account-newest': rule('derived', 'account', 'the newest measurement of an account is another'),
  'account-growth': rule('derived', 'account', 'a baseline of growth is another measurement'),
  'membership-missing': rule('derived', 'account_category', 'an account is not listed in its categories'),
  'membership-wrong': rule('derived', 'account_category', 'an account is listed where it does not belong'),
  'period-list': rule('derived', 'period', 'the list of periods is not that of the measurements'),
  'dataset-totals': rule('derived', 'dataset', 'a total is not that of the measurements'),
} as const satisfies Readonly<Record<string, RuleText>>

export type Rule = keyof typeof RULES
