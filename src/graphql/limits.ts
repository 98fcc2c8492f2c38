import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql'

/** How much of a request is read. */
export const MAX_TOKENS = 1000
/** How many selections an operation may come to once its fragments are unfolded. */
export const MAX_RECURSIVE_SELECTIONS = 500

/**
 * The most selections that an operation of `document` unfolds to: twenty fragments that each spread the next one twice
 * are a short text and a million selections. Fragments that spread themselves are for the validation to find.
 */
export function unfoldedSelections(document: DocumentNode): number {
  const fragments = new Map(
    document.definitions.flatMap(node => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  )
  const counted = new Map<string, number>()
  const countFragment = (name: string): number => {
    const known = counted.get(name)
    if (known !== undefined) return known
    counted.set(name, 0)
    const count = countIn(fragments.get(name)?.selectionSet)
    counted.set(name, count)
    return count
  }
  const countIn = (set: SelectionSetNode | undefined): number =>
    (set?.selections ?? []).reduce((sum, selection) => {
      const below =
        selection.kind === Kind.FRAGMENT_SPREAD ? countFragment(selection.name.value) : countIn(selection.selectionSet)
      return sum + 1 + below
    }, 0)
  const operations = document.definitions.filter(node => node.kind === Kind.OPERATION_DEFINITION)
  return Math.max(0, ...operations.map(({ selectionSet }) => countIn(selectionSet)))
}
