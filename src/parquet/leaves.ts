import type { ParquetType, SchemaElement } from 'hyparquet'
import { AppError } from '../domain/errors.ts'
import { corrupt } from './corrupt.ts'

/** A column as it is stored: the end of a path through the schema. */
export interface Leaf {
  readonly path: readonly string[]
  readonly type: ParquetType | undefined
  readonly typeLength: number | undefined
  /** How deep a value can be defined: one level for each part of its path that is not required. */
  readonly maxDefinition: number
  readonly maxRepetition: number
  /** In a list: from this level on there is a list, and from the next one on it has elements. */
  readonly listDefinition: number
}

/** Deeper than any writer goes, and far less than what would fill a stack. */
const MAX_DEPTH = 100

interface Open {
  readonly path: readonly string[]
  readonly definition: number
  readonly repetition: number
  readonly listDefinition: number
  left: number
}

/**
 * The columns of a schema in the order in which row groups have them. A schema is a tree written depth first.
 *
 * @throws AppError CORRUPT_PARQUET when it is no whole tree, UNSUPPORTED_PARQUET when it is deeper than any sane one
 */
export function leavesOf([root, ...elements]: readonly SchemaElement[]): Leaf[] {
  const leaves: Leaf[] = []
  const open: Open[] = [{ path: [], definition: 0, repetition: 0, listDefinition: 0, left: root?.num_children ?? 0 }]
  for (const element of elements) {
    while (open.at(-1)?.left === 0) open.pop()
    const parent = open.at(-1)
    if (!parent) throw corrupt('its schema has parts that belong nowhere.')
    if (open.length > MAX_DEPTH) throw tooDeep()
    parent.left--
    const node = nodeOf(element, parent)
    if (node.left !== 0) open.push(node)
    // A group without fields has no column in the row groups.
    else if (element.type !== undefined) leaves.push(leafOf(element, node))
  }
  if (open.some(({ left }) => left !== 0)) throw corrupt('its schema is not complete.')
  return leaves
}

function nodeOf({ name, repetition_type, num_children }: SchemaElement, parent: Open): Open {
  const isRepeated = repetition_type === 'REPEATED'
  return {
    path: [...parent.path, name],
    definition: parent.definition + (repetition_type === 'REQUIRED' ? 0 : 1),
    repetition: parent.repetition + (isRepeated ? 1 : 0),
    listDefinition: isRepeated ? parent.definition : parent.listDefinition,
    left: num_children ?? 0,
  }
}

function leafOf({ type, type_length }: SchemaElement, { path, definition, repetition, listDefinition }: Open): Leaf {
  return { path, type, typeLength: type_length, maxDefinition: definition, maxRepetition: repetition, listDefinition }
}

function tooDeep(): AppError {
  const message = `The file's columns are nested more than ${MAX_DEPTH} levels deep. Write them as plain columns.`
  return new AppError('UNSUPPORTED_PARQUET', message)
}
