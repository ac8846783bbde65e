import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { kernelSources } from '../../kernel/sources.js'

/** Decodes the bytes of IO channel 0 to code points on channel 1. */
const ENTRY = `
fn read_bytes(at: G, n: G) -> Bytes {
  match n {
    0 => store(List.Nil),
    _ =>
      let [b] = io_read(0, at, 1);
      store(List.Cons(b, read_bytes(at + 1, n - 1))),
  }
}

fn write_codes(bytes: Bytes) {
  match load(bytes) {
    List.Nil => (),
    _ =>
      let (code, rest) = utf8_char(bytes);
      io_write(1, [code]);
      write_codes(rest),
  }
}

pub fn decode() {
  let (at, n) = io_get_info(0, [0]);
  let bytes = read_bytes(at, n);
  validate_utf8(bytes);
  write_codes(bytes)
}
`

const program = compile([...kernelSources(), { name: 'entry', text: ENTRY }], { roots: ['decode'] })

/** Code points, or undefined for bytes that are not UTF-8. */
function decode(bytes: ArrayLike<number>): number[] | undefined {
  const io = new IoBuffer()
  io.put(0, [0], bytes)
  const outcome = execute(program, 'decode', [], io)
  return outcome.ok ? io.read(1, 0, io.length(1)).map(Number) : undefined
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function reference(bytes: Uint8Array): number[] | undefined {
  try {
    return Array.from(strict.decode(bytes), char => char.codePointAt(0)!)
  } catch {
    return undefined
  }
}

test('strings decode to their characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), text => {
      const bytes = new TextEncoder().encode(text)
      expect(decode(bytes)).toEqual(reference(bytes))
    }),
    { numRuns: 200 },
  )
  expect(
    decode(new TextEncoder().encode('aß水😀\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}')),
  ).toHaveLength(11)
})

test('random bytes are UTF-8 exactly when the platform says so', () => {
  const lead = fc.constantFrom(
    0x00,
    0x7f,
    0x80,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
    0xf8,
    0xff,
  )
  const tail = fc.constantFrom(0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0)
  const sequence = fc
    .tuple(lead, fc.array(tail, { maxLength: 4 }))
    .map(([head, rest]) => Uint8Array.from([head, ...rest]))
  fc.assert(
    fc.property(fc.oneof(sequence, fc.uint8Array({ maxLength: 5 })), bytes => {
      expect(decode(bytes)).toEqual(reference(bytes))
    }),
    { numRuns: 1500 },
  )
})

test.each([
  ['two bytes for one', [0xc1, 0xbf]],
  ['three bytes for two', [0xe0, 0x9f, 0xbf]],
  ['four bytes for three', [0xf0, 0x8f, 0xbf, 0xbf]],
  ['the first surrogate', [0xed, 0xa0, 0x80]],
  ['the last surrogate', [0xed, 0xbf, 0xbf]],
  ['beyond the last character', [0xf4, 0x90, 0x80, 0x80]],
  ['a continuation byte alone', [0x80]],
  ['a leading byte alone', [0xe2, 0x82]],
  ['a byte that is none', [0x161]],
])('%s is rejected', (_name, bytes) => {
  expect(decode(bytes)).toBeUndefined()
})

test.each([
  ['\u{d7ff}', 0xd7ff],
  ['\u{e000}', 0xe000],
  ['\u{10ffff}', 0x10ffff],
])('the neighbours of what is rejected are accepted', (text, code) => {
  expect(decode(new TextEncoder().encode(text))).toEqual([code])
})
