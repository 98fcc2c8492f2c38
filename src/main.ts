#!/usr/bin/env node
import { run, tolerateOutputErrors } from './cli/program.ts'

tolerateOutputErrors()
process.exitCode = await run(process.argv, process.env)
