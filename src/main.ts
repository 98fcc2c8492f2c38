#!/usr/bin/env node
import { run } from './cli/program.ts'

// A reader that has seen enough (`| head`) must not end an ingestion half way through its own clean-up.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await run(process.argv, process.env)
