import {
  type FragmentDefinitionNode,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql'

const CONDITIONS = [GraphQLSkipDirective.name, GraphQLIncludeDirective.name]

/**
 * Refuses subscriptions whose root field has a condition, as the specification does under "Single Root Field". The
 * rule that graphql-js has for it looks at conditions without the variables, and throws.
 */
export const rootWithoutConditions: ValidationRule = context => ({
  Document({ definitions }) {
    const conditionIn = conditionFinder(name => context.getFragment(name))
    for (const node of definitions) {
      if (node.kind !== Kind.OPERATION_DEFINITION || node.operation !== OperationTypeNode.SUBSCRIPTION) continue
      const found = conditionIn(node.selectionSet)
      if (!found) continue
      const message = 'The root field of a subscription takes no @skip or @include: leave it out, or do not subscribe.'
      context.reportError(new GraphQLError(message, { nodes: found }))
      // Takes the document away from the other rules, before they look at its operations.
      return null
    }
    return undefined
  },
})

/** Finds the first selection at the root of an operation that has a condition, through all fragments. */
function conditionFinder(fragmentOf: (name: string) => FragmentDefinitionNode | null | undefined) {
  const seen = new Set<string>()
  const inSelection = (node: SelectionNode): SelectionNode | undefined => {
    if (node.directives?.some(({ name }) => CONDITIONS.includes(name.value))) return node
    if (node.kind === Kind.INLINE_FRAGMENT) return inSet(node.selectionSet)
    if (node.kind === Kind.FIELD || seen.has(node.name.value)) return
    seen.add(node.name.value)
    return inSet(fragmentOf(node.name.value)?.selectionSet)
  }
  const inSet = (set: SelectionSetNode | undefined): SelectionNode | undefined => {
    for (const selection of set?.selections ?? []) {
      const found = inSelection(selection)
      if (found) return found
    }
    return
  }
  return inSet
}
