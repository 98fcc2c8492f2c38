import { readFile, writeFile } from 'node:fs/promises'

/**
 * Puts a section's results between its markers, and leaves the words around them alone.
 *
 * @param section as `ingest:small`: of which bench, and which of its sections
 */
export async function writeSection(path, section, text) {
  const page = await readFile(path, 'utf8')
  const [start, end] = [`<!-- ${section} -->`, `<!-- /${section} -->`]
  const [from, to] = [page.indexOf(start), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${path} has no place for ${section}: ${start} … ${end}`)
  await writeFile(path, `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`)
}
