import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** How large an operation is once its fragments are unfolded. */
export interface Shape {
  readonly selections: number
  /** Fields within fields; what is below `__schema` and `__type` is not counted, and has a limit of its own. */
  readonly depth: number
  readonly rootFields: number
  readonly aliases: number
  readonly directives: number
}

const NOTHING: Shape = { selections: 0, depth: 0, rootFields: 0, aliases: 0, directives: 0 }

/**
 * The largest of each over the operations of `document`, in time that does not grow with what the fragments unfold to:
 * twenty that each spread the next one twice are a short text and a million selections. Fragments that spread themselves
 * are for the validation to find.
 */
export function shapeOf(document: DocumentNode): Shape {
  const fragments = new Map<string, FragmentDefinitionNode>()
  const operations: OperationDefinitionNode[] = []
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
    if (node.kind === Kind.OPERATION_DEFINITION) operations.push(node)
  }
  const ofSet = measurer(fragments)
  return operations.map(operation => shapeOfOperation(operation, ofSet)).reduce(largest, NOTHING)
}

type Measure = (set: SelectionSetNode | undefined) => Shape

function shapeOfOperation(
  { directives, variableDefinitions = [], selectionSet }: OperationDefinitionNode,
  of: Measure,
) {
  const shape = of(selectionSet)
  const ofVariables = variableDefinitions.reduce((sum, variable) => sum + (variable.directives?.length ?? 0), 0)
  return { ...shape, directives: shape.directives + ofVariables + (directives?.length ?? 0) }
}

function measurer(fragments: ReadonlyMap<string, FragmentDefinitionNode>): Measure {
  const known = new Map<string, Shape>()
  const ofFragment = (name: string): Shape => {
    const before = known.get(name)
    if (before) return before
    known.set(name, NOTHING)
    const shape = ofSet(fragments.get(name)?.selectionSet)
    known.set(name, shape)
    return shape
  }
  const ofSelection = (node: SelectionNode): Shape => {
    const directives = node.directives?.length ?? 0
    if (node.kind === Kind.FIELD) {
      const below = ofSet(node.selectionSet)
      const depth = 1 + (node.name.value.startsWith('__') ? 0 : below.depth)
      const aliases = below.aliases + (node.alias ? 1 : 0)
      return {
        selections: 1 + below.selections,
        depth,
        rootFields: 1,
        aliases,
        directives: below.directives + directives,
      }
    }
    const below = node.kind === Kind.FRAGMENT_SPREAD ? ofFragment(node.name.value) : ofSet(node.selectionSet)
    return { ...below, selections: 1 + below.selections, directives: below.directives + directives }
  }
  const ofSet: Measure = set => (set?.selections ?? []).map(ofSelection).reduce(together, NOTHING)
  return ofSet
}

function together(a: Shape, b: Shape): Shape {
  return {
    selections: a.selections + b.selections,
    depth: Math.max(a.depth, b.depth),
    rootFields: a.rootFields + b.rootFields,
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
  }
}

function largest(a: Shape, b: Shape): Shape {
  return {
    selections: Math.max(a.selections, b.selections),
    depth: Math.max(a.depth, b.depth),
    rootFields: Math.max(a.rootFields, b.rootFields),
    aliases: Math.max(a.aliases, b.aliases),
    directives: Math.max(a.directives, b.directives),
  }
}
