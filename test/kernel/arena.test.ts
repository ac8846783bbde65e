import { testArena } from './arena.js'

testArena(bytes => bytes < 60_000)
