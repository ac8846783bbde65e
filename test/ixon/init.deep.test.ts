import { expect, it } from 'vitest'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { decodeConstant, encodeConstant } from '../../ixon/constant.js'
import { Environment } from '../../ixon/environment.js'
import { encodeEnvironment } from '../../ixon/ixe-write.js'
import { openLibrary } from '../../lean/library/library.js'
import { LIB } from '../lean-reader/data.js'

it.skipIf(LIB === undefined)('compiles every constant of Init or names what it lacks', async () => {
  const modules = await openLibrary({ paths: [LIB!], modules: ['Init'] })
  const data = compileEnvironment(modules, { allowPartial: true })
  expect(data.names.size + data.ungrounded.length).toBe(45_818)
  const absent = data.ungrounded.filter(({ missing }) => missing === undefined || modules.has(missing))
  expect(absent).toEqual([])
  for (const bytes of data.constants.values())
    expect(Buffer.compare(encodeConstant(decodeConstant(bytes)), bytes)).toBe(0)

  const bytes = encodeEnvironment(data)
  const environment = Environment.fromBytes(bytes, 'Init')
  environment.verify()
  expect([...environment.names()].length).toBe(data.names.size)
  expect(environment.ungrounded.length).toBe(data.ungrounded.length)
  const placeholders = [...data.names].filter(([, { placeholder }]) => placeholder !== undefined)
  expect([...environment.placeholders].toSorted()).toEqual(
    placeholders.map(([name, { placeholder }]) => [name, placeholder]).toSorted(),
  )
})
