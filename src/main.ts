#!/usr/bin/env node
// Before anything is loaded: graphql-js decides then whether it checks all types anew on each field. Nothing else looks.
process.env.NODE_ENV ??= 'production'
const { run } = await import('./cli/program.ts')

// A reader that has seen enough (`| head`) must not end an ingestion half way through its own clean-up.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await run(process.argv, process.env)
