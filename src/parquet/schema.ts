import type { ParquetType } from 'hyparquet'
import { AppError } from '../domain/errors.ts'
import type { FooterElement } from './footer.ts'
import { corrupt } from './warnings.ts'

/** A leaf of the schema: a column as it is stored. */
export interface Leaf {
  /** Number of its column chunk in each row group, from 0. */
  readonly index: number
  readonly path: readonly string[]
  readonly element: FooterElement
  readonly type: ParquetType | undefined
  readonly typeLength: number | undefined
  /** The definition level of a value: one for each part of the path that is not required. */
  readonly maxDefinition: number
  readonly maxRepetition: number
  /** In a list column, the definition level of an empty list. The list is null below it and has elements above it. */
  readonly listDefinition: number
}

/** Deeper than any writer goes, and far less than what would fill a stack. */
const MAX_DEPTH = 100

interface Group {
  readonly path: readonly string[]
  readonly definition: number
  readonly repetition: number
  readonly listDefinition: number
  childrenLeft: number
}

/**
 * The leaves of a schema in the order of the column chunks of a row group.
 *
 * @param schema depth first; its first element is the root
 * @throws AppError CORRUPT_PARQUET when the elements form no whole tree, UNSUPPORTED_PARQUET for more than 100 levels
 */
export function leavesOf([root, ...elements]: readonly FooterElement[]): Leaf[] {
  const leaves: Leaf[] = []
  const rootGroup = { path: [], definition: 0, repetition: 0, listDefinition: 0, childrenLeft: root?.num_children ?? 0 }
  const open: Group[] = [rootGroup]
  for (const element of elements) {
    while (open.at(-1)?.childrenLeft === 0) open.pop()
    const parent = open.at(-1)
    if (!parent) throw corrupt('its schema has elements outside the root.')
    if (open.length > MAX_DEPTH) throw tooDeep()
    parent.childrenLeft--
    const child = childOf(parent, element)
    if (element.isGroup) open.push(child)
    else leaves.push(leafOf(leaves.length, element, child))
  }
  if (open.some(({ childrenLeft }) => childrenLeft !== 0)) throw corrupt('its schema is not complete.')
  return leaves
}

function childOf(parent: Group, { name, repetition_type, num_children }: FooterElement): Group {
  const isRepeated = repetition_type === 'REPEATED'
  return {
    path: [...parent.path, name],
    definition: parent.definition + (repetition_type === 'REQUIRED' ? 0 : 1),
    repetition: parent.repetition + (isRepeated ? 1 : 0),
    listDefinition: isRepeated ? parent.definition : parent.listDefinition,
    childrenLeft: num_children ?? 0,
  }
}

function leafOf(index: number, element: FooterElement, { path, definition, repetition, listDefinition }: Group): Leaf {
  const { type, type_length: typeLength } = element
  return {
    index,
    path,
    element,
    type,
    typeLength,
    maxDefinition: definition,
    maxRepetition: repetition,
    listDefinition,
  }
}

function tooDeep(): AppError {
  const message = `The file's columns are nested more than ${MAX_DEPTH} levels deep. Write them as plain columns.`
  return new AppError('UNSUPPORTED_PARQUET', message)
}
