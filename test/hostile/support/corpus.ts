/** Good and bad Parquet files of the public, which lie beside the repository in some places. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const CORPUS = '../shared/corpus'
const INDEX = join(CORPUS, 'INDEX.tsv')

export const isCorpusPresent = existsSync(INDEX)
if (!isCorpusPresent) console.warn(`${CORPUS} is absent: nothing is proved on it`)

export interface CorpusFile {
  readonly name: string
  readonly path: string
  /** What a reader must do with it. */
  readonly expected: 'decodes' | 'refuse' | 'may-refuse'
}

export function corpus(): CorpusFile[] {
  if (!isCorpusPresent) return []
  const lines = readFileSync(INDEX, 'utf8').split('\n')
  return lines.filter(line => line !== '' && !line.startsWith('#')).map(fileOf)
}

function fileOf(line: string): CorpusFile {
  const [source = '', name = '', expected = ''] = line.split('\t')
  const folder = source.startsWith('apache/') ? 'parquet-testing' : source
  return { name, path: join(CORPUS, folder, name), expected: expected.toLowerCase() as CorpusFile['expected'] }
}
