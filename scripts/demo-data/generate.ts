import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DemoManifest, describeFile } from './manifest.ts'
import { parquetOf } from './parquet.ts'
import { population } from './population.ts'
import { demoRows } from './rows.ts'

/**
 * Writes both demo files into a folder, the same bytes on every machine, and tells what must become of their rows.
 * Nothing here may depend on the clock, the time zone, the locale or an engine's rounding.
 */
export async function generateDemoData(folder: string): Promise<DemoManifest> {
  const { sample, later } = demoRows(population())
  const sampleBytes = parquetOf(sample, 0)
  const laterBytes = parquetOf(later, sample.length)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'sample_accounts.parquet'), sampleBytes)
  await writeFile(join(folder, 'add_accounts.parquet'), laterBytes)
  return {
    'sample_accounts.parquet': describeFile(sample, sampleBytes),
    'add_accounts.parquet': describeFile(later, laterBytes),
  }
}
