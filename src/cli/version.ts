import { readFileSync } from 'node:fs'
import { packageFile } from '../package-file.ts'

const manifest = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }

export const PROGRAM_VERSION = manifest.version
