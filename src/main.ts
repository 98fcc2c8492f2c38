#!/usr/bin/env node
import { run } from './cli/program.ts'
import { outliveStandardStreams } from './cli/standard-streams.ts'

outliveStandardStreams()
process.exitCode = await run(process.argv, process.env)
