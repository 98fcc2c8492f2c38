import { foldCategory, normalizeCategory } from '../../../domain/category.ts'
import { type Inspection, tuplesOf } from './inspection.ts'

/** What is known of categories: the members of each set, by internal keys. */
export interface CategorySets {
  readonly members: ReadonlyMap<number, ReadonlySet<number>>
  /** The ingestion that each set says it came with. */
  readonly origin: ReadonlyMap<number, number>
  /** What each set's names should be. */
  readonly names: ReadonlyMap<number, string>
}

interface Category {
  readonly name: string
  readonly folded: string
  readonly ingestion: number
}

const MAX_CODE_POINTS = 100

/** Spelling, folding, members and order: docs/rules.md, "Categories". */
export function inspectCategories(inspection: Inspection): CategorySets {
  const categories = readCategories(inspection)
  const listed = new Map<number, Set<number>>()
  for (const [set, category] of tuplesOf<[number, number]>(inspection, 'SELECT * FROM category_set_member')) {
    listed.set(set, (listed.get(set) ?? new Set()).add(category))
  }
  const members = new Map<number, Set<number>>()
  const origin = new Map<number, number>()
  const expectedNames = new Map<number, string>()
  const earliest = new Map<number, number>()
  const sets = tuplesOf<[number, string, string, number]>(
    inspection,
    'SELECT id, members, names, ingestion FROM category_set',
  )
  for (const [set, told, names, ingestion] of sets) {
    const ids = [...(listed.get(set) ?? [])].sort((a, b) => a - b)
    members.set(set, new Set(ids))
    origin.set(set, ingestion)
    for (const id of ids) earliest.set(id, Math.min(earliest.get(id) ?? Infinity, ingestion))
    if (told !== ids.join(','))
      inspection.findings.add('category-members', () => `set ${set}: ${told} and ${ids.join(',')}`)
    const expected = namesOf(ids, categories)
    expectedNames.set(set, expected)
    if (names !== expected)
      inspection.findings.add('category-names', () => `set ${set}: ${names}, should be ${expected}`)
  }
  for (const [id, { name, ingestion }] of categories) {
    if (earliest.get(id) !== ingestion) inspection.findings.add('category-origin', () => `category ${id} (${name})`)
  }
  return { members, origin, names: expectedNames }
}

function readCategories(inspection: Inspection): Map<number, Category> {
  const categories = new Map<number, Category>()
  const rows = tuplesOf<[number, string, string, number]>(
    inspection,
    'SELECT id, name, folded, ingestion FROM category',
  )
  for (const [id, name, folded, ingestion] of rows) {
    categories.set(id, { name, folded, ingestion })
    const isTidy =
      name !== '' && normalizeCategory(name) === name && !/\p{Cc}/u.test(name) && [...name].length <= MAX_CODE_POINTS
    if (!isTidy || foldCategory(name) !== folded) {
      inspection.findings.add('category-name', () => `category ${id}: ${JSON.stringify([name, folded])}`)
    }
  }
  return categories
}

/** The names of a set as they are stored: by lower-case form, code point by code point, as JSON. */
function namesOf(ids: readonly number[], categories: ReadonlyMap<number, Pick<Category, 'name' | 'folded'>>): string {
  const known = ids.flatMap(id => categories.get(id) ?? [])
  return JSON.stringify(known.sort((a, b) => byCodePoint(a.folded, b.folded)).map(({ name }) => name))
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  const at = left.findIndex((character, index) => character !== right[index])
  if (at < 0) return left.length - right.length
  return right[at] === undefined ? 1 : left[at]!.codePointAt(0)! - right[at].codePointAt(0)!
}
