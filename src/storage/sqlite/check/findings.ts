import { type FaultKind, RULES, type Rule } from './rules.ts'

/** One rule that does not hold. */
export interface Finding {
  readonly rule: Rule
  readonly kind: FaultKind
  readonly table: string
  readonly says: string
  /** How often it was found. */
  readonly count: number
  /** The first few, in words. */
  readonly examples: readonly string[]
}

const MAX_EXAMPLES = 5

/** Collects what is wrong: each rule's count, and a few examples, whatever the number. */
export class Findings {
  readonly #found = new Map<Rule, { count: number; examples: string[] }>()

  /** @param example tells where, what is there and what should be; not asked for once there are enough */
  add(rule: Rule, example: () => string): void {
    const found = this.#found.get(rule) ?? { count: 0, examples: [] }
    this.#found.set(rule, found)
    found.count++
    if (found.examples.length < MAX_EXAMPLES) found.examples.push(example())
  }

  /** In the order of the rules. */
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
