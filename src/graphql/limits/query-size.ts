import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql'
import { AppError } from '../../domain/errors.ts'
import type { QueryLimits } from '../../domain/query-limits.ts'

/** A validation rule that rejects documents with an operation above the size limits: docs/limits.md. */
export function sizeLimitRule(limits: QueryLimits): ValidationRule {
  return context => ({
    Document(document) {
      for (const message of exceededLimits(sizeOf(document), limits)) {
        const originalError = new AppError('QUERY_TOO_COMPLEX', message)
        context.reportError(new GraphQLError(message, { originalError }))
      }
    },
  })
}

function exceededLimits(size: QuerySize, limits: QueryLimits): string[] {
  const rules: [found: number, allowed: number, what: string][] = [
    [size.depth, limits.maxDepth, 'levels of nested fields'],
    [size.rootFields, limits.maxRootFields, 'root fields'],
    [size.aliases, limits.maxAliases, 'aliases'],
    [size.directives, limits.maxDirectives, 'directives'],
    [size.selections, limits.maxSelections, 'selections, counting a fragment each time it is spread'],
  ]
  return rules
    .filter(([found, allowed]) => found > allowed)
    .map(([, allowed, what]) => `The operation has more than ${allowed} ${what}. Split it into smaller operations.`)
}

/** Returns the error for a document that has more tokens than the parser accepts; undefined for any other error. */
export function tokenLimitError(error: unknown): AppError<'QUERY_TOO_COMPLEX'> | undefined {
  if (!(error instanceof GraphQLError)) return undefined
  // "that" is graphql 16's spelling.
  const limit = /^Syntax Error: Document contains more that (\d+) tokens/.exec(error.message)?.[1]
  if (limit === undefined) return undefined
  const message = `The document has more than ${limit} tokens. Split it, or pass values as variables.`
  return new AppError('QUERY_TOO_COMPLEX', message)
}

/** The size of an operation with its fragments expanded. */
export interface QuerySize {
  readonly selections: number
  /** Levels of nested fields. Fields below `__schema` and `__type` do not count: graphql-js limits them. */
  readonly depth: number
  readonly rootFields: number
  readonly aliases: number
  readonly directives: number
}

const EMPTY: QuerySize = { selections: 0, depth: 0, rootFields: 0, aliases: 0, directives: 0 }

/**
 * Returns the maximum of each figure over the operations of `document`. Measures each fragment once: twenty fragments
 * that each spread the next one twice are a short text and a million selections. Ignores fragment cycles, which another
 * validation rule rejects.
 */
export function sizeOf(document: DocumentNode): QuerySize {
  const fragments = new Map<string, FragmentDefinitionNode>()
  const operations: OperationDefinitionNode[] = []
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
    if (node.kind === Kind.OPERATION_DEFINITION) operations.push(node)
  }
  const measure = measurer(fragments)
  return operations.map(operation => operationSize(operation, measure)).reduce(maximum, EMPTY)
}

type Measure = (set: SelectionSetNode | undefined) => QuerySize

function operationSize(
  { directives, variableDefinitions = [], selectionSet }: OperationDefinitionNode,
  measure: Measure,
): QuerySize {
  const size = measure(selectionSet)
  const onVariables = variableDefinitions.reduce((total, variable) => total + (variable.directives?.length ?? 0), 0)
  return { ...size, directives: size.directives + onVariables + (directives?.length ?? 0) }
}

function measurer(fragments: ReadonlyMap<string, FragmentDefinitionNode>): Measure {
  const measured = new Map<string, QuerySize>()
  const fragmentSize = (name: string): QuerySize => {
    const known = measured.get(name)
    if (known) return known
    measured.set(name, EMPTY)
    const size = setSize(fragments.get(name)?.selectionSet)
    measured.set(name, size)
    return size
  }
  const selectionSize = (node: SelectionNode): QuerySize => {
    const directives = node.directives?.length ?? 0
    if (node.kind === Kind.FIELD) {
      const below = setSize(node.selectionSet)
      return {
        selections: 1 + below.selections,
        depth: 1 + (node.name.value.startsWith('__') ? 0 : below.depth),
        rootFields: 1,
        aliases: below.aliases + (node.alias ? 1 : 0),
        directives: below.directives + directives,
      }
    }
    const below = node.kind === Kind.FRAGMENT_SPREAD ? fragmentSize(node.name.value) : setSize(node.selectionSet)
    return { ...below, selections: 1 + below.selections, directives: below.directives + directives }
  }
  const setSize: Measure = set => (set?.selections ?? []).map(selectionSize).reduce(total, EMPTY)
  return setSize
}

function total(a: QuerySize, b: QuerySize): QuerySize {
  return {
    selections: a.selections + b.selections,
    depth: Math.max(a.depth, b.depth),
    rootFields: a.rootFields + b.rootFields,
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
  }
}

function maximum(a: QuerySize, b: QuerySize): QuerySize {
  return {
    selections: Math.max(a.selections, b.selections),
    depth: Math.max(a.depth, b.depth),
    rootFields: Math.max(a.rootFields, b.rootFields),
    aliases: Math.max(a.aliases, b.aliases),
    directives: Math.max(a.directives, b.directives),
  }
}
