import { type FieldNode, Kind, type ValueNode } from 'graphql'
import { countBuckets, HISTORY_BUCKETS, MAX_BUCKETS } from '../../domain/history.ts'
import { DEFAULT_PAGE_SIZE } from '../../domain/page.ts'
import { DateTime } from '../scalars.ts'
import type { Asked, Estimate } from './estimate.ts'

const DAY_MS = 86_400_000
/** Before this nothing can have been measured: docs/rules.md, "Timestamps". */
const FIRST_INSTANT = Date.UTC(2000, 0)

/** How many rows the page of a connection may have. */
export function pageSize(field: FieldNode): Estimate {
  const first = argument(field, 'first')
  const last = argument(field, 'last')
  return asked => {
    const sizes = [first(asked), last(asked)].filter(size => typeof size === 'number')
    // Both at once, and one that is out of range, are refused where the list is read.
    const size = sizes.length === 0 ? DEFAULT_PAGE_SIZE : Math.max(...sizes)
    return Math.min(Math.max(size, 0), asked.maxPageSize)
  }
}

/** How many ids `nodes` is asked for. */
export function idCount(field: FieldNode): Estimate {
  const ids = argument(field, 'ids')
  return asked => {
    const given = ids(asked)
    return Array.isArray(given) ? given.length : 1
  }
}

/** How many buckets a history may have; one of an open end reaches as far as data can. */
export function bucketCount(field: FieldNode): Estimate {
  const [bucket, from, to] = [argument(field, 'bucket'), argument(field, 'from'), argument(field, 'to')]
  return asked => {
    const name = HISTORY_BUCKETS.find(one => one === bucket(asked))
    if (name === undefined) return MAX_BUCKETS
    const start = instantOf(from(asked)) ?? FIRST_INSTANT
    const end = instantOf(to(asked)) ?? asked.now() + DAY_MS
    return Math.min(countBuckets(name, start, end), MAX_BUCKETS)
  }
}

/** Reads the argument's value as it was sent; undefined when it is left out. */
function argument({ arguments: given = [] }: FieldNode, name: string): (asked: Asked) => unknown {
  const value = given.find(one => one.name.value === name)?.value
  return asked => (value ? plainValue(value, asked) : undefined)
}

function plainValue(value: ValueNode, asked: Asked): unknown {
  switch (value.kind) {
    case Kind.VARIABLE:
      return asked.variables[value.name.value]
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

function instantOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  try {
    return DateTime.parseValue(value)
  } catch {
    return undefined
  }
}
