import { type FieldNode, Kind, type ValueNode } from 'graphql'
import { countBuckets, HISTORY_BUCKETS, MAX_BUCKETS } from '../../domain/history.ts'
import { DEFAULT_PAGE_SIZE } from '../../domain/page.ts'
import { DateTime } from '../scalars.ts'

/** The parts of a request that its cost depends on. */
export interface CostInput {
  /** Variables by name, as the client sent them, with the defaults of the document. */
  readonly variables: Readonly<Record<string, unknown>>
  /** Returns the current time in milliseconds. */
  now(): number
  readonly maxPageSize: number
}

/** A cost that the document determines, or one that depends on the request. */
export type Estimate = number | ((input: CostInput) => number)

export function evaluate(estimate: Estimate, input: CostInput): number {
  return typeof estimate === 'number' ? estimate : estimate(input)
}

export function sum(estimates: readonly Estimate[]): Estimate {
  const constant = estimates.reduce<number>((total, one) => total + (typeof one === 'number' ? one : 0), 0)
  const variable = estimates.filter(one => typeof one === 'function')
  if (variable.length === 0) return constant
  return input => variable.reduce((total, one) => total + one(input), constant)
}

export function product(a: Estimate, b: Estimate): Estimate {
  if (a === 0 || b === 0) return 0
  if (typeof a === 'number' && typeof b === 'number') return a * b
  return input => evaluate(a, input) * evaluate(b, input)
}

const DAY_MS = 86_400_000
/** No measurement can be older: docs/rules.md, "Timestamps". */
const EARLIEST_MEASUREMENT = Date.UTC(2000, 0)

/** Returns the greatest number of rows in the page of a connection field. */
export function estimatePageSize(field: FieldNode): Estimate {
  const first = argumentReader(field, 'first')
  const last = argumentReader(field, 'last')
  return input => {
    const sizes = [first(input), last(input)].filter(size => typeof size === 'number')
    // The resolver rejects first with last, and sizes out of range.
    const size = sizes.length === 0 ? DEFAULT_PAGE_SIZE : Math.max(...sizes)
    return Math.min(Math.max(size, 0), input.maxPageSize)
  }
}

/** Returns the number of ids of a `nodes` field. */
export function estimateIdCount(field: FieldNode): Estimate {
  const ids = argumentReader(field, 'ids')
  return input => {
    const value = ids(input)
    return Array.isArray(value) ? value.length : 1
  }
}

/** Returns the greatest number of buckets of a `history` field. Without `from` or `to`, the whole possible range counts. */
export function estimateBucketCount(field: FieldNode): Estimate {
  const bucket = argumentReader(field, 'bucket')
  const from = argumentReader(field, 'from')
  const to = argumentReader(field, 'to')
  return input => {
    const name = HISTORY_BUCKETS.find(known => known === bucket(input))
    if (name === undefined) return MAX_BUCKETS
    const start = parseTimestamp(from(input)) ?? EARLIEST_MEASUREMENT
    const end = parseTimestamp(to(input)) ?? input.now() + DAY_MS
    return Math.min(countBuckets(name, start, end), MAX_BUCKETS)
  }
}

/** Returns a function that reads the value of an argument; undefined when the field does not set it. */
function argumentReader({ arguments: nodes = [] }: FieldNode, name: string): (input: CostInput) => unknown {
  const value = nodes.find(node => node.name.value === name)?.value
  return input => (value ? plainValue(value, input) : undefined)
}

function plainValue(value: ValueNode, input: CostInput): unknown {
  switch (value.kind) {
    case Kind.VARIABLE:
      return input.variables[value.name.value]
    case Kind.INT:
      return Number(value.value)
    case Kind.STRING:
    case Kind.ENUM:
      return value.value
    case Kind.LIST:
      return value.values
    default:
      return undefined
  }
}

function parseTimestamp(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  try {
    return DateTime.parseValue(value)
  } catch {
    return undefined
  }
}
